//! How something is to be: places, sizes, moods, looks, shapes, levels.

use crate::model::edit::{Blend, Effect, Fill as F, Look, Mood, Palette, Place, Resize, Shape, Size};
use crate::studio::agent::lex::Mark;
use crate::studio::agent::phrases::Quality as Q;

/// Phrases by meaning, in order of their letters: English, then Chinese.
#[rustfmt::skip]
pub(super) const QUALITIES: &[(Mark, &str)] = &[
    (Mark::Quality(Q::Place(Place::TopLeft)),
        "at the top left|at the upper left|at top left|in the top left|in the top left corner|\
         on the top left|top left|top left corner|top left hand corner|top left side|top-left|\
         top-left corner|top-left-hand corner|upper left|upper left corner|upper left hand corner|\
         左上|左上侧|左上方|左上角|左上边|左上面|往左上|靠左上"),
    (Mark::Quality(Q::Place(Place::TopRight)),
        "at the top right|at the upper right|at top right|in the top right|in the top right corner|\
         on the top right|top right|top right corner|top right hand corner|top right side|top-right|\
         top-right corner|top-right-hand corner|upper right|upper right corner|upper right hand corner|\
         右上|右上侧|右上方|右上角|右上边|右上面|往右上|靠右上"),
    (Mark::Quality(Q::Place(Place::BottomLeft)),
        "at bottom left|at the bottom left|at the lower left|bottom left|bottom left corner|\
         bottom left hand corner|bottom left side|bottom-left|bottom-left corner|bottom-left-hand corner|\
         in the bottom left|in the bottom left corner|lower left|lower left corner|on the bottom left|\
         左下|左下侧|左下方|左下角|左下边|左下面|往左下|靠左下"),
    (Mark::Quality(Q::Place(Place::BottomRight)),
        "at bottom right|at the bottom right|at the lower right|bottom right|bottom right corner|\
         bottom right hand corner|bottom right side|bottom-right|bottom-right corner|\
         bottom-right-hand corner|in the bottom right|in the bottom right corner|lower right|\
         lower right corner|on the bottom right|\
         右下|右下侧|右下方|右下角|右下边|右下面|往右下|靠右下"),
    (Mark::Quality(Q::Place(Place::TopCenter)),
        "at the top|at the very top|further up|higher|higher up|on top|right at the top|top|top center|\
         top centre|top middle|top of the screen|top-center|up|upper|upwards|\
         上方|上移|上边|上面|到顶上|往上|往上移|最上方|最上面|最顶上|靠上|顶上|顶上去|顶端|顶部|顶部居中"),
    (Mark::Quality(Q::Place(Place::BottomCenter)),
        "at the bottom|bottom|bottom center|bottom centre|bottom middle|bottom of the screen|bottom-center|\
         down|downwards|further down|lower down|lower part|right at the bottom|underneath|\
         下方|下移|下边|下面|到底下|底下|底端|底部|底部居中|往下|往下移|最下方|最下面|最底下|靠下"),
    (Mark::Quality(Q::Place(Place::Center)),
        "center|center of the screen|centered|centre|centre of the screen|centred|dead center|\
         in the center|in the middle|middle|middle of the screen|right in the center|right in the centre|\
         right in the middle|smack in the middle|\
         中央|中心|中间|居中|屏幕中央|屏幕中间|正中|正中央|正中间|画面中央|画面中间"),
    (Mark::Quality(Q::Place(Place::MiddleLeft)),
        "left|left side|left-hand side|middle left|middle-left|on the left|\
         左侧|左方|左移|左边|往左|靠左"),
    (Mark::Quality(Q::Place(Place::MiddleRight)),
        "middle right|middle-right|on the right|right|right side|right-hand side|\
         右侧|右方|右移|右边|往右|靠右"),
    (Mark::Quality(Q::Size(Resize::To(Size::Small))),
        "little|small|tiny|\
         小|小号|小字|小小的|小的|很小"),
    (Mark::Quality(Q::Size(Resize::To(Size::Medium))),
        "medium|normal size|\
         中号"),
    (Mark::Quality(Q::Size(Resize::To(Size::Large))),
        "big|extra large|giant|huge|large|\
         大|大号|大大的|大字|大的|很大|超大"),
    (Mark::Quality(Q::Size(Resize::Bigger)),
        "a size up|bigger|can't make out|can't read|cannot read|difficult to read|double its size|\
         double the size|enlarge|hard to read|hard to see|illegible|increase the size|increase the size of|\
         is a bit small|isn't readable|larger|nobody can read|not big enough|not readable|one size bigger|\
         scale up|too small|too tiny|twice as big|twice as large|twice the size|unreadable|\
         不够大|不够明显|不够显眼|不够清楚|不够醒目|不太清楚|不明显|偏小|再大一点|再大些|再大点|加大|变大|\
         大一些|大一倍|大一号|大一圈|大一点|大些|大点|太小|太小了|字看不清|小了点|放大|放大一些|放大点|\
         更大|有点儿小|有点小|看不太清|看不太清楚|看不清|看不清楚|调大"),
    (Mark::Quality(Q::Size(Resize::Smaller)),
        "a size down|half as big|half as large|half its size|half the size|is a bit big|is a bit large|\
         one size smaller|reduce the size|reduce the size of|scale down|shrink it|smaller|tinier|too big|\
         too large|\
         偏大|再小一点|再小些|再小点|变小|大了点|太大|太大了|小一些|小一半|小一号|小一圈|小一点|小些|小点|\
         收小|更小|有点儿大|有点大|缩一点|缩小|缩小点|调小"),
    (Mark::Quality(Q::Effect(Effect::Rise)),
        "fly in|rise|rises|rising|slide in|slide up|slides up|\
         上升|从下方升起|升起"),
    (Mark::Quality(Q::Effect(Effect::Fade)),
        "fade it in|fading|fading in|\
         慢慢出现|渐显|渐渐出现"),
    (Mark::Quality(Q::Effect(Effect::None)),
        "no animation|no effect|not animated|static text|without animation|without any animation|\
         不带动画|不要动画|去掉动画|无动画|没有动画"),
    (Mark::Quality(Q::Effect(Effect::Pop)),
        "bounce|bounce in|bounces|bouncing|pop|pop in|pop up|popping|pops|pops in|pops up|\
         弹出|弹出来|弹跳"),
    (Mark::Quality(Q::Mood(Mood::LoFi)),
        "cafe music|chill|chill-hop|chilled|chillhop|chillout|coffee shop music|coffee-shop|easy listening|\
         laid back|laid-back|lazy sunday|lo fi|lo-fi|lo-fi hip hop|lofi|lofi hip hop|study beats|\
         低保真|佛系|咖啡馆|咖啡馆那种|咖啡馆风格|学习那种|小资|慵懒|放空|松弛"),
    (Mark::Quality(Q::Mood(Mood::Upbeat)),
        "bouncy|bubbly|catchy|celebratory|cheerful|cheerier|cheery|dance|energetic|exciting|fast-paced|\
         feel good|feel-good|feelgood|festive|fun|funky|groovy|happier|happy|high energy|high-energy|hype|\
         jolly|joyful|livelier|lively|merry|more energy|party|partyish|peppy|perky|playful|pop music|\
         positive|pumping|rousing|summery|up-beat|up-tempo|upbeat|upbeat-sounding|uplifting|uptempo|zippy|\
         俏皮|动感|劲爆|喜庆|喜气|带劲|带劲儿|律动|快乐|快节奏|振奋|提神|有劲|有活力|有活力的|有节奏感|\
         欢乐|欢快|活力|活泼|激情|炸|热血|热闹|燃|节奏感强|轻快|阳光|鼓劲"),
    (Mark::Quality(Q::Mood(Mood::Cinematic)),
        "blockbuster|cinematic|dramatic|emotional orchestral|epic|film score|film trailer|film-like|\
         goosebumps|grand|heroic|hollywood|majestic|movie score|movie trailer|movie-like|orchestral|\
         powerful|stirring|suspenseful|sweeping|tense|trailer-style|\
         史诗|史诗感|史诗级|大气|大片|大片感|大片那种|宏大|恢宏|恢弘|悬疑|戏剧性|有气势|气势|气势磅礴|电影|\
         电影感|电影般|电影风格|磅礴|紧张|震撼"),
    (Mark::Quality(Q::Mood(Mood::Calm)),
        "ambient|calm|calmer|calming|easy-going|easygoing|gentle|lullaby|meditation|meditative|mellow|\
         peaceful|quiet music|relaxed|relaxing|restful|serene|sleepy|sleepy music|slow music|soft|\
         soft music|soothing|spa-like|tender|tranquil|unhurried|zen|\
         助眠|宁静|安宁|安详|安静|平和|平静|恬静|悠扬|悠闲|慢歌|抒情|放松|柔和|治愈|清新|温柔|温馨|空灵|\
         舒服|舒缓|舒适|轻松|轻柔|轻缓|轻音乐"),
    (Mark::Quality(Q::Mood(Mood::Corporate)),
        "boardroom|business|business-like|businesslike|businessy|corporate|inspiring|motivational|office|\
         office-like|presentation|professional|professional-sounding|serious|tech-sounding|techy|\
         专业|专业感|严肃|企业|企业风|励志|商业|商务|商务风|大公司|正式|正经|沉稳|科技感|稳重|职业|职业感|\
         职场|高端"),
    (Mark::Quality(Q::Blend(Blend::Crossfade)),
        "blend|blend into|blended|blending|blends into|cross dissolve|cross fade|cross-dissolve|cross-fade|\
         cross-fades|crossfade|crossfaded|crossfades|crossfading|dissolve|dissolves|fade between|\
         fade into each other|fade into one another|fade into the next|fade transition|fade transitions|\
         fades into each other|fades into the next|flow into each other|flowing into each other|\
         into each other|into one another|melt|melt into|melt softly|melting|melting into|melting softly|\
         melts|smooth transition|smooth transitions|soft transitions|softly into the next|\
         互相融合|交叉淡化|交叉溶解|叠化|叠化转场|慢慢融合|柔和过渡|淡入淡出转场|渐变转场|溶解|融化|融在一起"),
    (Mark::Quality(Q::Blend(Blend::Slide)),
        "slide transition|slide transitions|sliding|sliding transition|sliding transitions|\
         推移|滑入|滑动|滑动转场"),
    (Mark::Quality(Q::Blend(Blend::Wipe)),
        "wipe|wipe transition|wipe transitions|wipes|\
         划像|擦除|擦除转场"),
    (Mark::Quality(Q::Blend(Blend::Zoom)),
        "zoom between|zoom cuts|zoom transition|zoom transitions|\
         变焦转场|推拉转场|缩放转场|缩放过渡"),
    (Mark::Quality(Q::Blend(Blend::Dip)),
        "black dip|blink to black|dip|dip to black|dip transition|dip transitions|dips|dips to black|\
         fade through black|fades through black|flash of black|through black|via black|\
         压黑|过黑|闪一下黑|闪黑|闪黑转场|黑一下|黑一下过渡|黑场切换|黑场转场|黑场过渡|黑屏转场|黑屏过渡"),
    (Mark::Quality(Q::Look(Look::BlackAndWhite)),
        "b&w|b/w|black & white|black and white|black n white|black-and-white|bw|desaturate|desaturated|\
         grayscale|greyscale|monochrome|noir|\
         单色|灰度|黑白|黑白的|黑白色"),
    (Mark::Quality(Q::Look(Look::Warm)),
        "cosy|cozy|golden|sunny look|too blue|too cold|too cool|warm|warm colors|warm it up|warm look|\
         warm tone|warm tones|warmed up|warmer|warms|warmth|\
         偏冷|偏暖一点|冷冰冰|太冷|太冷了|暖|暖一点|暖些|暖和|暖和点|暖洋洋|暖点|暖色|暖色的|暖色系|暖色调|\
         更暖|有点冷|温暖"),
    (Mark::Quality(Q::Look(Look::Cool)),
        "bluish|cold|cold tones|colder|cool|cool colors|cool down|cool it down|cool tone|cool tones|cooler|\
         frosty|icy|too orange|too warm|too yellow|\
         偏冷一点|偏黄|冷|冷一点|冷些|冷峻|冷点|冷色|冷色系|冷色调|发黄|太暖|太暖了|太黄|太黄了|更冷"),
    (Mark::Quality(Q::Look(Look::Vivid)),
        "boost the colors|boost the colours|bump up the colors|bump up the colours|colorful|colors pop|\
         colourful|colours pop|dull colors|dull colours|faded colors|faded colours|increase the saturation|\
         livelier colors|livelier colours|looks flat|more color|more colorful|more colour|more colourful|\
         more punch|more saturated|more saturation|more vibrant|more vivid|pop more|punch up the colors|\
         punchier|punchy|raise the saturation|rich colors|rich colours|richer colors|richer colours|\
         saturate|saturated|saturation|too dull|too pale|vibrant|vivid|washed out|washed-out|\
         发灰|增加饱和度|太淡|太淡了|太灰|太灰了|寡淡|提高饱和度|更鲜艳|浓郁|灰蒙蒙|色彩鲜艳|艳一些|艳一点|\
         艳丽|艳点|颜色太淡|颜色淡|饱和|饱和度调高|饱和度高|高饱和|鲜亮|鲜明|鲜艳|鲜艳点"),
    (Mark::Quality(Q::Look(Look::Vignette)),
        "dark corners|dark edges|darken the edges|darker edges|vignette|vignetting|\
         四角压暗|暗角"),
    (Mark::Quality(Q::Look(Look::Bright)),
        "bright|brighten|brighten it up|brighten up|brighter|brightness higher|brightness up|\
         bump the brightness|gloomy|increase the brightness|is a bit dark|it is a bit dark|it's a bit dark|\
         less dark|lighten|lighter|looks a bit dark|looks dark|more brightness|more light|murky|\
         raise the brightness|too dark|too gloomy|turn up the brightness|underexposed|\
         亮一些|亮一点|亮些|亮堂|亮堂点|亮度调亮|亮度调高|亮度高一点|亮度高点|亮点|偏暗|变亮|增加亮度|太暗|\
         太暗了|太黑|太黑了|打亮|提亮|提高亮度|明亮|更亮|有些暗|有点暗|有点黑|调亮|调高亮度|黑乎乎|黑漆漆"),
    (Mark::Quality(Q::Look(Look::Dark)),
        "blown out|dark|darken|darker|decrease the brightness|dim|dimmer|is a bit bright|\
         it is a bit bright|it's a bit bright|less bright|less brightness|looks a bit bright|\
         lower the brightness|moody|overexposed|reduce brightness|reduce the brightness|too bright|\
         turn down the brightness|\
         亮度低一点|亮度调低|偏亮|减少亮度|刺眼|压暗|压暗一点|变暗|太亮|太亮了|太刺眼|昏暗|晃眼|暗一些|\
         暗一点|暗下来|暗些|暗点|曝光过度|更暗|有点亮|调低亮度|调暗|调暗点|过曝|降低亮度"),
    (Mark::Quality(Q::Look(Look::Blur)),
        "blur|blurred|blurrier|blurring|blurry|out of focus|soft focus|\
         打码|模糊|糊一点|虚化"),
    (Mark::Quality(Q::Fill(F::Blur)),
        "blur at the sides|blur background|blur fill|blur on the sides|blur the background|\
         blur the borders|blur the edges|blur the sides|blurred background|blurred backgrounds|\
         blurred bars|blurred borders|blurred edges|blurred fill|blurred sides|blurry background|\
         blurry sides|complete photos|complete picture|do not crop|don't chop|don't crop|don't cut off|\
         entire image|entire images|entire photo|entire photos|entire picture|entire pictures|\
         fill the sides|fill the sides with a blur|fill the sides with blur|fill with blur|fit with blur|\
         full image|full images|full photo|full photos|full picture|full picture visible|full pictures|\
         images whole|in full|it whole|no cropping|not cropped|nothing cut off|nothing gets cut off|\
         photo whole|photos whole|picture whole|pictures whole|see everything|see the whole|\
         show everything|them whole|uncropped|uncut photos|whole frame visible|whole image|whole images|\
         whole photo|whole photos|whole picture|whole pictures|with a blur|with blur around|\
         without cropping|without cutting|\
         上下模糊|不裁|不裁切|不裁剪|不要裁|不要裁切|两侧模糊|两边模糊|保持完整|全部显示|别切|别裁|别裁切|\
         别裁剪|四周模糊|完整地显示|完整展示|完整显示|完整的画面|放完整|显示全|显示完整|显示完整画面|\
         模糊两侧|模糊两边|模糊填充|模糊的背景|模糊背景|模糊边框|毛玻璃|没有裁切|背景模糊|背景虚化|\
         虚化背景|露全"),
    (Mark::Quality(Q::Fill(F::Crop)),
        "crop|crop it|crop it so it fills|crop it to fill|crop it to fit|crop the edges|crop the photos|\
         crop the picture|crop the sides|crop the video|crop to fill|crop to fit|cropped|cropped to fill|\
         fill the canvas|fill the frame|fill the screen|fill the whole frame|fill the whole screen|\
         get rid of the black bars|no bars|no black bars|no letterbox|no letterboxing|\
         remove the black bars|without black bars|\
         不要黑边|去掉黑边|去黑边|填满|填满屏幕|填满画面|撑满|没有黑边|裁切|裁切填满|裁切铺满|裁剪填满|\
         裁掉两边|裁掉边缘|铺满"),
    (Mark::Quality(Q::Shape(Shape::Tall)),
        "9:16|9x16|douyin|for a phone|for mobile|for my phone|for phones|for the phone|ig reel|ig reels|\
         instagram reel|instagram reels|instagram stories|instagram story|mobile format|phone format|\
         phone screen|portrait|reels|shorts|smartphone|snapchat|stories|tik tok|tiktok|tiktoks|upright|\
         vertical|youtube short|youtube shorts|\
         9：16|小红书竖屏|快手|手机屏|手机竖屏|抖音|竖|竖屏|竖版|竖的|竖着|视频号"),
    (Mark::Quality(Q::Shape(Shape::Wide)),
        "16:9|16x9|bilibili|for tv|horizontal|landscape|wide screen|widescreen|youtube|\
         16：9|b站|宽屏|宽屏的|横|横向|横屏|横版|横的|横着"),
    (Mark::Quality(Q::Shape(Shape::Square)),
        "1:1|1x1|an instagram post|insta post|instagram post|instagram posts|square|squared|\
         1：1|一比一|方块|方屏|方形|方的|正方形"),
    (Mark::Quality(Q::Shape(Shape::Portrait45)),
        "4 by 5|4:5|4x5|instagram feed|\
         4：5"),
    (Mark::Quality(Q::Side(1080)),
        "1080p|fhd|full hd|\
         高清"),
    (Mark::Quality(Q::Side(720)), "720p"),
    (Mark::Quality(Q::Side(480)), "480p"),
    (Mark::Quality(Q::Side(1440)), "1440p|2k"),
    (Mark::Quality(Q::Side(2160)),
        "2160p|4k|ultra hd|\
         超高清"),
    (Mark::Quality(Q::Palette(Palette::Dawn)),
        "dawn|sunrise|\
         晨曦"),
    (Mark::Quality(Q::Palette(Palette::Sunset)),
        "sunset|\
         日落|晚霞"),
    (Mark::Quality(Q::Palette(Palette::Ocean)),
        "ocean|sea|\
         海洋"),
    (Mark::Quality(Q::Palette(Palette::Forest)),
        "forest|\
         森林"),
    (Mark::Quality(Q::Palette(Palette::Night)),
        "dusk|night|\
         夜色|暮色"),
    (Mark::Quality(Q::Palette(Palette::Ember)),
        "ember|fire|\
         暖橙"),
    (Mark::Quality(Q::Palette(Palette::Steel)),
        "slate|steel|\
         钢灰"),
    (Mark::Quality(Q::Palette(Palette::Plum)),
        "plum|\
         紫红"),
    (Mark::Quality(Q::Palette(Palette::Candy)),
        "candy|\
         糖果"),
    (Mark::Quality(Q::Palette(Palette::Sand)),
        "sand|\
         沙滩|沙色"),
    (Mark::Quality(Q::Louder),
        "barely hear|boost|bump up|can barely hear|can hardly hear|can't hear|cannot hear|crank it up|\
         crank up|hard to hear|inaudible|increase|is a bit quiet|it's a bit quiet|loud|louder|more volume|\
         pump up|raise|too quiet|turn it up|turn up|up the volume|\
         加大声|升到|听不到|听不清|听不见|响一点|响些|响亮|响点|声音大一点|声音大些|声音大点|声音太小|\
         声音太小了|大些声|大声|大声一点|大声些|大声点|大点声|太小声|太弱|太轻|太轻了|强一点|提高|提高到|\
         更响|更大声|调响|调大声|调高|调高到"),
    (Mark::Quality(Q::Quieter),
        "are a bit loud|bring down|deafening|decrease|dial down|drowning out|drowns out|is a bit loud|\
         is loud|is pretty loud|is quite loud|is very loud|it's a bit loud|less loud|less noisy|lower|\
         lower it|lower the|lower volume|noisy|not as loud|not so loud|overpowering|pull down|quieter|\
         quietly|reduce|so loud|softer|softer volume|tone down|too loud|turn down|turn it down|\
         减小|刺耳|压低点|吵|吵得慌|吵死|吵死了|嘈杂|声音小点|太吵|太吵了|太响|太大声|安静一点|小些声|小声|\
         小声一点|小声些|小声点|小点声|弱一点|弱点|更小声|盖过|调低|调低到|调小到|调小声|调轻|轻一些|\
         轻一点|轻些|轻点|闹|闹腾|降|降下来|降低|降低到|降到|降至|震耳"),
    (Mark::Quality(Q::Faster),
        "dragging|drags|faster|hurry it up|is a bit slow|it's a bit slow|pacier|pick up the pace|\
         punchier pace|quicken|quicker|snappier|sped up|speed it up|speed things up|speed up|speeded up|\
         speeds up|too slow|too slowly|\
         偏慢|再快一点|再快点|加快|加快点|加速|太慢|太慢了|太拖|太拖了|快一些|快一点|快些|快放|快点|快起来|\
         快进|慢了点|拖沓|提速|更快|有点慢"),
    (Mark::Quality(Q::Slower),
        "goes by too quickly|is a bit fast|it's a bit fast|slow|slow down|slow it down|slowed|slowed down|\
         slower|slows down|too fast|too quick|too quickly|\
         偏快|减速|太快|太快了|太急|太赶|快了点|悠着点|慢一点|慢下来|慢些|慢半拍|慢悠悠|慢点|慢速|放慢|\
         放慢些|放慢点|更慢|有点快"),
    (Mark::Quality(Q::NoMusic),
        "music-free|without a soundtrack|without any music|without background music|without music|\
         不加配乐|不加音乐|不带音乐|不放音乐|不用配乐|不用音乐|不配乐|不配音乐|不需要配乐|不需要音乐|\
         别加音乐|别放音乐|别配乐|无配乐|无音乐|没有配乐|没有音乐"),
    (Mark::Quality(Q::Silent),
        "completely silent|no sound at all|silent|silently|soundless|without any sound|without audio|\
         without sound|\
         不带声音|全部静音|完全静音|无声|没有声音"),
];
