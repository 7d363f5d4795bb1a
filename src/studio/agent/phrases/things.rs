//! What it is done to: nouns, and shares, factors and lengths that have a name.

use crate::studio::agent::lex::Mark::{self, Noun as N};
use crate::studio::agent::phrases::Noun::{
    self, Background, CallToAction, Caption, Clip, Color, Duck, EndCard, FadeBoth, FadeIn, FadeOut, Joint,
    Logo, LowerThird, Media, Motion, Music, OwnMusic, Photo, Progress, Script, Shot, Sound, Speech, Speed,
    Text, Title, Video, Voice, Volume,
};

/// Phrases by meaning, in order of their letters: English, then Chinese.
#[rustfmt::skip]
pub(super) const THINGS: &[(Mark, &str)] = &[
    (N(Video),
        "ad|advert|clip video|commercial|entire thing|explainer|film|highlight reel|infomercial|montage|\
         movie|mp4|mp4 file|mp4 video|mp4 videos|promo|recap video|reel|short video|showreel|slideshow|\
         spot|teaser|text video|the entire show|the entire thing|the whole show|timeline|trailer|tutorial|\
         vid|video|videos|vids|vlog|whole show|whole thing|word video|\
         vlog视频|宣传片|小短片|小视频|幻灯片|广告|影片|成片|文字视频|时间线|时间轴|混剪|片儿|片子|相册|\
         短片|短视频|视频|视频号视频"),
    (N(Photo),
        "image|images|photo|photograph|photographs|photos|pic|pics|picture|pictures|slide|slides|still|\
         stills|\
         一张|图|图片|张|照片|相片"),
    (N(Clip),
        "clip|clips|footage|video clip|video clips|\
         个视频|条视频|段录像|段视频|视频片段"),
    (N(Shot),
        "scene|scenes|segment|segments|shot|shots|\
         场景|段|片段|素材片段|镜头"),
    (N(Media),
        "assets|files|material|media|uploads|\
         上传的内容|文件|素材"),
    (N(Script),
        "copy text|description|following text|from text|lines below|my copy|my text|my words|paragraph|\
         product description|product description paragraph|prompt|prompts|script|story|text description|\
         text prompt|text prompts|text script|text scripts|the following|the lines below|\
         the sentences below|the text below|the words below|these lines|these lyrics|these phrases|\
         these sentences|these words|this copy|this poem|\
         下面几句|下面的文字|下面的文案|下面这几句|下面这段|产品介绍|产品描述|介绍文字|以下几句|以下文字|\
         描述|提示词|文本|文案|文稿|脚本|这些话|这几句|这几句话|这句话|这段文字|这段话|这首诗"),
    (N(Title),
        "header|heading|headline|headlines|main title|opening title|title|title card|title saying|\
         title text|titled|titles|\
         主标题|标题|片名|片头字|题目"),
    (N(Caption),
        "caption|captioned|captions|closed captions|subs|subtitle|subtitled|subtitles|\
         字幕|说明|说明文字"),
    (N(LowerThird),
        "lower third|lower thirds|lower-third|name banner|name bar|name card|name strap|name strip|name tag|\
         下三分之一|人名字幕|人名条|人物条|名字条|名条|姓名条"),
    (N(CallToAction),
        "button|call to action|call-to-action|calls to action|cta|\
         号召语|引导按钮|引导语|按钮|结尾引导|行动号召|行动按钮"),
    (N(Text),
        "a line of text|label|lettering|letters|line|line of text|text|text overlay|text overlays|texts|\
         word|wording|words|\
         字|文字|文本框"),
    (N(EndCard),
        "a card|card|closing card|closing screen|closing slate|closing slide|closing title card|end card|\
         end screen|end slate|end slide|end-card|endcard|final card|goodbye card|outro|outro card|\
         thank-you card|the closing card|the end card|the end screen|the end slate|the final card|\
         卡片|尾卡|尾帧|尾板|尾页|末尾卡片|片尾卡|片尾卡片|片尾画面|片尾页|结尾卡片|结尾画面|结尾页|结束卡|\
         结束卡片|结束画面|结束页|落版"),
    (N(Noun::Brand),
        "brand|brand background|brand background color|brand background colour|brand color|brand colors|\
         brand colour|brand colours|brand font|brand typeface|brand's|branding|house color|house colour|\
         house font|house style|our brand|our branding|our color|our colors|our colour|our colours|\
         our main color|our main colour|\
         品牌|品牌主色|品牌字体|品牌底色|品牌背景|品牌背景色|品牌色|品牌视觉|品牌颜色|品牌风格|我们的主色|\
         我们的颜色"),
    (N(Progress),
        "progress|progress bar|progress indicator|progress line|progress-bar|progressbar|the bar|\
         播放条|进度|进度条|进度线"),
    (N(OwnMusic),
        "music i uploaded|my audio|my audio file|my mp3|my music|my own music|my own song|\
         my own soundtrack|my own track|my song|my soundtrack|my track|my tune|my uploaded song|\
         my uploaded track|own music|song i uploaded|the file i uploaded|the mp3|the mp3 i uploaded|\
         the one i uploaded|the song i gave you|the song i uploaded|the track i gave you|\
         the uploaded music|the uploaded song|the uploaded track|track i uploaded|uploaded audio|\
         uploaded music|uploaded song|uploaded track|\
         上传的歌|上传的那首|上传的音乐|上传的音频|传的那首|我上传的歌|我上传的那首|我上传的音乐|\
         我传上来的歌|我传上来的那首|我传的曲子|我传的歌|我传的那首|我传的音乐|我发的歌|我发的那首|我的bgm|\
         我的歌|我的背景音乐|我的配乐|我的音乐|我给的歌|我给的那首|我自己的歌|我自己的音乐|我那首|\
         自己的音乐|自己那首"),
    (N(Duck),
        "auto duck|auto ducking|auto-duck|auto-ducking|duck|ducked|ducking|\
         压低|自动压低|自动变小|自动降低|闪避"),
    (N(Speech),
        "anyone speaks|anyone talks|dialog|dialogue|he talks|i speak|i talk|i'm talking|people are talking|\
         people speak|people talk|she talks|somebody is talking|somebody speaks|somebody talks|\
         someone is speaking|someone is talking|someone speaks|someone talks|someone's talking|speak|\
         speaking|speaks|speech|talk|talking|talks|they talk|voice|\
         人在说话|人声|人物说话|人说话|台词|对白|有人在说话|有人声|有人开口|有人讲话|有人说话|有对白|讲解|\
         讲话|说话"),
    (N(Noun::Rest),
        "all the others|all the rest|everything after that|everything apart|everything else|others|rest|\
         the other clips|the other one|the other ones|the other photos|the other shots|the others|\
         the remainder|the rest|\
         余下|余下的|其他|其他的|其他部分|其余|其余的|其余部分|其它|其它的|别的|剩下|剩下的|剩下的那些|\
         剩下那些|剩余|剩余的|剩余的那些"),
    (N(Noun::Plain),
        "as filmed|back in colour|back to normal|color again|color back|colors back|colour again|\
         colour back|colours back|full color|full colour|in color|in colour|look normal|natural colors|\
         natural colours|no effects|no filter|no filters|normal again|normal colors|normal colours|\
         normal look|original colors|original colours|original look|without a filter|without any effects|\
         without effects|without filter|without filters|\
         不要滤镜|原始颜色|原本的颜色|原来的颜色|原色|去掉滤镜|变回彩色|彩色|恢复彩色|无滤镜|正常颜色"),
    (N(Noun::SubtitleFile),
        "caption file|captions file|srt|srt file|subtitle file|subtitles file|vtt|vtt file|\
         字幕文件"),
    (Mark::Percent(1.0),
        "full blast|full volume|max volume|maximum volume|\
         最大声|最大音量|音量最大|音量调到最大"),
    (Mark::Factor(2.0),
        "double speed|double the speed|double-speed|twice as fast|twice as quick|twice the speed|\
         两倍速|二倍速|加快一倍|加速一倍|双倍速|快一倍|快两倍|提速一倍|翻倍"),
    (Mark::Long(0.5),
        "half as long|half its length|half the length|\
         一半长|时长减半|时长缩短一半|缩短一半|长度减半"),
    (Mark::Long(2.0),
        "double its length|double the length|twice as long|twice the length|\
         两倍长|加长一倍|延长一倍|时长加倍"),
    (Mark::Factor(0.5),
        "half as fast|half speed|half the speed|half-speed|twice as slow|\
         一半的速度|一半速度|减半|半速|慢一倍|慢一半|放慢一倍"),
    (N(Noun::Still),
        "don't move|don't zoom|freeze|frozen|images still|no motion|no movement|no zoom|not move|\
         not to move|photos still|pictures still|sit still|slides still|stand still|static|stay still|\
         stop moving|stop zooming|without motion|without movement|without zoom|\
         不动|不要动|保持静止|别动|定住|静止|静止不动"),
    (N(Voice),
        "aloud|narrate|narrated|narrated text|narrating|narration|narrator|out loud|read it out|read out|\
         read the words|read them out|read this out|say out loud|speak the words|speaking part|spoken line|\
         spoken part|spoken text|spoken voice|spoken words|the narrator|voice over|voice track|voice-over|\
         voice-overs|voiceover|\
         口播|念一下|念出|念出来|念白|旁白|旁白声|朗读|解说|解说声|解说词|语音|语音播报|读出|读出来|配音|\
         配音声"),
    (N(Music),
        "audio track|background music|backing track|beat|beats|bgm|music|music bed|music track|musical bed|\
         score|song|soundtrack|track|tune|\
         bgm音乐|乐曲|曲子|歌|歌曲|背景乐|背景配乐|背景音乐|配乐|配乐曲|配音乐|音乐|音乐声音"),
    (N(Sound),
        "audio|background noise|camera audio|camera sound|clip audio|clip sound|its sound|noise|\
         original audio|original sound|original volume|sound|sounds|the sound of the clip|video audio|\
         video sound|voices|\
         原声|原始声音|原视频的声音|原音|同期声|声音|现场声|现场音|视频声音|音频"),
    (N(Volume),
        "level|levels|loudness|vol|volume|\
         声量|音量"),
    (N(Logo),
        "brand mark|logo|logo file|logos|watermark|watermarked|\
         商标|徽标|标志|水印"),
    (N(Joint),
        "between clips|between photos|between scenes|between shots|between the clips|between the photos|\
         between the shots|transition|transitions|\
         切换|切换效果|衔接|转场|过渡"),
    (N(Noun::HardCut),
        "cut directly|cut straight|cuts|hard cut|hard cuts|jump cuts|no effects in between|\
         no transitions in between|nothing in between|plain cut|plain cuts|simple cuts|straight cut|\
         straight cuts|straight from one|\
         直切|直接切换|硬切"),
    (N(FadeIn),
        "come in gently|come in gradually|come in slowly|come in softly|come up from black|\
         comes up from black|coming up from black|creep in|creep up|creeps in|ease in|eases in|\
         emerge from black|fade from black|fade in|fade in from black|fade up|fade up from black|fade-in|\
         fades in|gradually come in|open on black|opens on black|rise from black|slowly come in|sneak in|\
         start gently|start on black|start softly|starts softly|swell in|up from black|\
         从黑到亮|从黑场淡入|从黑屏|从黑屏渐入|从黑慢慢亮起来|从黑淡入|慢慢亮起来|慢慢响起|慢慢起来|慢慢进|\
         慢慢进来|淡入|渐入|渐强|渐起|由黑到亮|由黑渐入|黑场淡入|黑屏淡入"),
    (N(FadeOut),
        "die away|dies away|down to black|ease out|eases out|end gently|end softly|ends in black|fade away|\
         fade down|fade into black|fade it out|fade off|fade out|fade out to black|fade to black|fade-out|\
         fades away|fades down|fades off|fades out|fades to black|fading out|go black|go to black|\
         goes black|goes to black|out to black|taper off|tapers off|trail off|trails off|wind down|\
         慢慢变小|慢慢变黑|慢慢收|慢慢消失|慢慢淡掉|慢慢黑下去|慢慢黑掉|收黑|淡出|淡出到黑|淡出到黑场|\
         淡出到黑屏|淡到黑|渐出|渐弱|渐渐变黑|渐隐|渐黑|由亮到黑|逐渐变小|逐渐变黑|黑下去|黑场结束|\
         黑屏结束|黑掉"),
    (N(FadeBoth),
        "fade|fade in & out|fade in and fade out|fade in and out|fade in/out|fade it in and fade it out|\
         fade it in and out|fade that in and out|fade them in and out|fade this in and out|\
         fade-in and fade-out|fades|fades in and out|\
         头尾淡入淡出|淡入加淡出|淡入和淡出|淡入淡出|渐入渐出|渐显渐隐|首尾淡入淡出"),
    (N(Motion),
        "animate|animate the photos|camera motion|camera movement|creeping zoom|drift|drifting|float|\
         floating|gentle motion|gentle movement|glide|gliding|ken burns|ken burns effect|ken-burns|\
         kenburns|motion|move a bit|move a little|move about|move around|move gently|move slowly|movement|\
         moving|moving slowly|pan and zoom|panning|pans|pull out|push in|slow movement|slow pan|slow zoom|\
         slowly move|sway|swaying|wander|wandering|zoom|zoom and pan|zoom effect|zoom in|zoom out|zooming|\
         zooms|zoomy|\
         动一动|动态|动态效果|动效|动画|动起来|微动|慢慢动|慢慢推近|慢慢放大|慢慢移动|拉镜头|推拉效果|推近|\
         推镜头|晃动|晃来晃去|缓慢推进|缓慢移动|缓慢缩放|缓缓放大|缓缓移动|肯伯恩斯|运镜|镜头缩放|镜头运动|\
         飘"),
    (N(Noun::Look),
        "color effect|color grade|colour effect|colour grade|filter|filters|grading|look|picture effect|\
         滤镜|画面风格|色调|调色"),
    (N(Background),
        "backdrop|background|background color|background colour|backgrounds|behind it|behind the lettering|\
         behind the letters|behind the sentences|behind the text|behind the type|behind the words|\
         behind the writing|behind them|bg|\
         后面的颜色|字后面|字底下|字背后|底图|底色|文字后面|文字底下|文字底色|文字背后|文字背景|背景|背景色"),
    (N(Speed),
        "playback speed|speed|\
         倍速|播放速度|速度"),
    (N(Noun::SlowMotion),
        "slo-mo|slomo|slow mo|slow motion|slow-mo|slow-mo effect|slow-motion|slowmo|\
         慢动作|慢动作效果|慢放|慢镜头"),
    (N(Noun::Length),
        "duration|length|overall length|running time|runtime|total duration|total length|\
         全长|总共|总时长|总长度|时长|长度"),
    (N(Color),
        "color|colors|colour|colours|font|font color|text color|\
         字体|字体颜色|颜色"),
    (Mark::Percent(0.5),
        "half as loud|half its volume|half of its volume|half of the volume|half the volume|half volume|\
         一半的音量|一半音量|音量减半"),
    (Mark::Percent(0.25),
        "a quarter as loud|a quarter of its volume|a quarter of the volume|quarter volume|\
         四分之一的音量|四分之一音量"),
    (Mark::Percent(0.33),
        "a third as loud|a third of its volume|a third of the volume|one third volume|\
         三分之一的音量|三分之一音量"),
    (Mark::Percent(0.75),
        "three quarters of its volume|three quarters volume|\
         四分之三音量"),
];
