//! Words that ask for nothing: politeness, small talk, words of grammar.

use crate::studio::agent::lex::Mark::{self, Fill};

/// Phrases by meaning, in order of their letters: English, then Chinese.
#[rustfmt::skip]
pub(super) const FILLERS: &[(Mark, &str)] = &[
    (Fill,
        "a bit|a little|a lot|a tad|a touch|able|about it|absolutely|across|across the board|actually|again|\
         again please|ah|aha|all|all apart from|all but|all done|all except|all the|along|already|alright|\
         also please|am|amazing|amount|and nothing else|animation|annoying|any|any more|anymore|anything|\
         anything but|anything like|anyway|anyways|anywhere|apart from|appear|appreciate|appreciate it|\
         appreciated|approximately|are|area|argh|around|as|as well|asap|aside|aspect|aspect ratio|at all|\
         at most|at no cost|at the most|audience|automatically|awesome|back|background visuals|basically|be|\
         be cool if|be cool to|beautiful|because|been|behind|being|believe|below|beneath|best|best regards|\
         better|bit|blog|borders|boring|boss|both|brand new|brand-new|bro|btw|buddy|bump|bunch|by|\
         by the look of it|by the way|called|came|can|can you|certainly|changes|channel|cheers|cheers mate|\
         clearly|client|clients|color to|come|comes|coming|compatible|completely|content creators|\
         cool thanks|corner|could|could you|coz|crank|cropping|customer|customers|cuz|damn|dear|dear all|\
         deep|definitely|dial|did|different|directly|disappear|disappears|distracting|do|does|doesn't|\
         doesn't hurt|don't worry|done|dude|ease|edge|edges|effect|effects|eh|ends|entirely|erm|err|even|\
         ever|everybody|everyone|everything|everything apart from|everything but|everything except|\
         everywhere|ew|exactly|except|except for|extra|facebook|fairly|feed|feel|feel free|feels|few|file|\
         fill|filled|fills|finished|first of all|first off|fit for|fitted|folks|followers|following|\
         for content creators|for developers|for developers and indie makers|for free|for instagram|for it|\
         for me|for now|for starters|for the photos|for the video|forever|format|frame|frankly|free|friend|\
         friendly|from one clip to the next|from one photo to the next|from one to the next|\
         from one to the other|from the video|from there|fyi|geez|gently|get|gets|getting|gimme|go|go ahead|\
         goes|goes on|going|gonna|good|good afternoon|good day|good evening|good morning|\
         good night everyone|gosh|got|gradient|gradients|great|greetings|guess|guys|haha|happy now|\
         happy with|happy with it|happy with this|has|have|have it|hd|he|hear|hello|hello there|her|here|\
         here's|hey|hey there|hi|hi all|hi there|his|hiya|hm|hmm|hmmm|homepage|honestly|hope|hoping|\
         how about|how cool|howdy|hue|i|i am happy|i have uploaded|i mean|i uploaded|i would like|i'd|\
         i'd like|i'd like to|i'll|i'm|i'm done|i'm happy|i've|i've uploaded|ideally|if|if it's possible|\
         if possible|if that's ok|if that's okay|if you can|immediately|imo|in|in advance|in it|\
         in the sequence|in the video|in there|in total|in white letters|instagram|instead|instead of it|\
         into the video|is|is enough|is plenty|isn't|it'd be cool|it'll|it's|itself|jeez|job|just|kick|kind|\
         kind of|kinda|kindly|know|last thing|lastly|later|length of|less|let|let us|let's|lets|light|\
         lighting|like|like that|like to|liked|lil|linkedin|listen|literally|lives|lol|look like|looking|\
         looks|looks good|looks great|lots|love|love it|love to|lovely|lovely jubbly|manager|many thanks|\
         mate|max|maybe|me|meh|mm|mmm|mode|moment|more|morning all|much|much appreciated|music video|must|\
         my|nah|named|near|need to be|needs|needs to be|neither|new|next thing|nice|nicely|no cost|\
         no longer|no rush|no.|nope|nor|normal|not|nothing else|now|nr|number|obviously|of it|of the screen|\
         of the video|off|oh|ok|okay|on|on it|on the photos|on the video|on there|once more|\
         one into the other|one more thing|online|only|onto|oops|optimised|optimized|or|order|original|\
         other|other than|our|out|output|over|over the video|own|page|pale|palette|part|parts|people|\
         perfect|perhaps|personally|piece|places|play|playing|plays|please|pls|plz|point|polished|portion|\
         possible|possibly|post|prefer|preferably|pretty|previous|profile|proper|properly|pull|pump|\
         put your finger on|quality|quick|quickly|quite|rather|rather have|ratio|read|readable|reading|\
         reads|ready|ready for|ready-to-share|real|real quick|really|reckon|regards|related|resolution|\
         right away|right now|right there|rip|roughly|run|running|runs|said|same|sat|say|saying|says|scheme|\
         screen|seconds|seconds long|secs|section|shade|shape|shareable|she|short|shown|side|sides|sigh|\
         similar|simple|simply|since|sincerely|sit|sits|sitting|size|slightly|slowly|smoothly|so|so cool|\
         so far|softly|somehow|someone|something|something like|sorry|sort of|sorta|sounds good|stand|\
         stands|step|steps|still want|straight|stuff|style|style of|such|suitable|suited|super|suppose|sure|\
         ta|ta very much|tbh|team|than|thank you|thanks|thanks a bunch|thanks a lot|thanks a million|\
         thanks again|that just says|that say|that says|that's|that's all|that's it|the sequence|their|\
         then please|there|there's|these|they|thing|things|think|this time|tho|those|though|thought|\
         through the api|throughout it|throw|thx|to be|to begin with|to it|to start with|to the photos|\
         to the video|together|told|tone|tones|too|too long|too short|tops|total|totally|truly|try|trying|\
         twitter|type|u|ugh|ugly|uh|uhm|um|under|under the video|up there|uploaded|upon|ur|url|us|using|\
         vanish|vanishes|version|version before|very|via|via api|vibe|viewers|visible|visuals|wait|wanna|\
         want|want to|wanted|wants|was|watch|way|we|we'd|we'll|we're|we're happy|we've|web address|website|\
         weird|well|well done|were|what about|what if|what's|whatever|whatsapp|whatsoever|when|when you can|\
         when you get a chance|whenever|whenever you can|where|which|which say|which says|while|who|whoa|\
         whoops|whose|why not|will|with it|within|without cost|without paying|\
         without paying for a subscription|won't|wonder|wondering|work|work on|works on|would|would be cool|\
         would be great|would be nice|would love|would you|wouldn't hurt|yeah|yep|yes|yo|you|you'd|you'll|\
         you're|your|\
         一下|一些|一共|一定|一定要|一样|一次|一点|一直到|一种|一行|一起|上|上传的|上去|下|下午好|下来|不对|\
         不错|东西|两侧|两边|中|为|为止|久|久一点|之|之间|也|了|五|些|亲|仅|他|们|任何|任意|会|会更好|位|\
         位置|作为|你|你好|使|俺|儿|先|免费|全部|其|其实|内容|内容是|再给|写|写着|几|出|出来|刚刚|刚才|剪辑|\
         务必|即可|原来|去|又|及|发|发到|发布|另外请|只|叫|叫做|可|可不可以|可以|可以吗|可爱|可能|合适|同学|\
         名为|吗|吧|呀|呗|呢|咯|咱|咱们|咱家|哇|哈|哈哈|哎|哟|哦|哦不|唉|啊|啦|喂|嗨|嗯|嘛|嘞|回|因为|在线|\
         地|填充|处|处理一下|多|多余的|多谢|够了|大家好|大小|大概|大约|太|她|好|好吗|好听|好看|好看一点|如|\
         如何|如果|它们|它的|客户|对|对了|对应|小伙伴|小红书|少|就|就可以|就可以了|就够了|就好|就是|就行|\
         尺寸|尽快|屏幕|左右|差不多|希望|希望能|帮|帮忙|帮我|干脆|应该|应该是|开始播放|弄一下|当|当前|很|得|\
         微信|微博|必须|怎么样|怎样|恢复|您|想要|感觉|感谢|慢慢|慢慢地|我|我想|我想要|我的|我要|所|所以|\
         所有|拜托|挪个位置|挪个地方|挪个窝|换地方|控制|搞一下|搞错了|播放|操作|改一下|效果|整|整一下|整体|\
         整体上|整段|新|方式|早上好|时|时候|明显|明显一点|是|是否|显得|显眼|晚上好|更|更好|更正|替我|最|\
         最好|有|有些|有没有办法|有点|朋友圈|本来|来|样子|格式|模式|欸|此|此处|比例|比较|比较好|浅|深|清晰|\
         清楚|渐变|渐变色|渐渐|漂亮|点|点儿|然后呢|片|版|版本|特别|现在|用于|用作|画|画面|略|略微|的|的时候|\
         的话|目前|直接|看一下|看看|看起来|着|稍微|稍稍|第一步|第二步|等一下|等等|简单|精美|约|纯|给|给我|\
         统一|老师|老板|能|能不能|能吗|能否|自动|色|若|行|行不行|行吗|被|要|视频的|觉得|角|让|记得|试一下|\
         试试|该|说|说错了|诶|请|请将|请把|调整一下|谢啦|谢谢|质|赶紧|起来|跟|辛苦|辛苦了|过|还|还是|这|\
         这么|这些|这儿|这样|这种|这里|进去|适合|那|那个|那么|那些|那儿|那张|那样|那段|那种|那里|部分|都|\
         都可以|都行|都要|醒目|里|里面|错了|长一点|降一点|除|除了|随便|需要|非常|顺带|顺序|顺手|领导|风|\
         风格|首|首先|马上|高级|麻烦|麻烦你"),
];
