//! What is done: verbs.

use crate::studio::agent::lex::Mark::{self, Do};
use crate::studio::agent::phrases::Verb::{
    Add, Change, Cut, Duplicate, Export, Generate, Keep, Make, Move, Mute, Remove, Reverse, Shorten,
    StartOver, Stretch, Swap, Trim, Undo, Unmute,
};

/// Phrases by meaning, in order of their letters: English, then Chinese.
#[rustfmt::skip]
pub(super) const DEEDS: &[(Mark, &str)] = &[
    (Do(Generate),
        "build|can i get|combine|compose|cook up|could i get|could i have|create|creating|cut me|cut us|\
         edit me|edit us|generate|generating|join|knock me up|merge|produce|producing|put me together|\
         put out|put together|splice|splice together|stitch|string together|throw me together|\
         throw together|whip up|\
         串起来|做成|凑一块儿|凑在一起|凑成|创作|创建|制作|制成|剪一个|剪一支|剪一条|剪一段|剪个|剪到一起|\
         剪在一起|剪成一个|剪成一条|剪成一段|剪条|合一块儿|合到一起|合在一起|合并|合成|合成一个|合成一条|\
         拍个|拼一块|拼一块儿|拼个|拼到一块|拼到一起|拼在一块|拼在一起|拼成|拼成一条|拼接|拼起来|接一块|\
         接一块儿|接到一起|接在一块|接在一起|接起来|放一起|放到一起|生成|连在一起|连成|连成一个|连起来"),
    (Do(Make),
        "after a|convert|cut something together|cut together|do me|give me|i could use a|i fancy|i need|\
         i want|i would love|i'd fancy|i'd love|knock together|knock up|make|making|need|\
         put something together|turn|turning|we need|we want|we'd like|we'd love|whip me up|\
         做|做成个|切成|切换为|切换到|切换成|变|变为|变得|变成|弄|弄得|弄成|换成|捣鼓|搞|搞成|改为|整一个|\
         整成|整条|调成|转为|转成"),
    (Do(Add),
        "add|adding|adds|append|apply|bring in|bung|burn|burn in|chuck in|chuck on|could do with|could use|\
         display|drop a|drop in|drop some|get me|get us|give|give it|give the video|include|insert|lay|\
         lay down|overlay|place|pop in a|pop on|put|put on|put up|put up a|puts up|putting|record|\
         should get|should have|show|slap|slot in|sprinkle|stick|stick a|stick on|tack on|there has to be|\
         there needs to be|there ought to be|there should be|throw in|throw on|throw some|use|whack|\
         whack on|wouldn't mind|write|\
         上一段|上个|上点|使用|冒个|写上|写个|出现|加|加一个|加上|加个|加入|加入个|加到|加在|加张|加条|\
         加段|加点|加首|叠上|叠个|叠加|垫|垫一段|垫上|垫个|安排一段|安排上|安排个|应用|弄段|弄点|弄首|弹个|\
         打上|打个|插一段|插个|插入|搞段|搞点|搞首|放|放上|放个|放段|放点|放首|整一段|整个转场|整点|整首|\
         显示|来一个|来一段|来一首|来上|来个|来段|来点|来首|添加|用|盖个|给配|补一个|补上|贴上|配|配上|\
         配上个|配个|配段|配点|配首|铺|铺一段|铺上|铺个"),
    (Do(Change),
        "adjust|change|change over to|changed|changing|dye|edit|ought to|paint|recolor|recolor it|recolour|\
         rename|replace|replaced|resize|restyle|retitle|set|set to|should|should be|should read|should say|\
         sub out|swap in|switch to|tint|tweak|update|upscale|\
         修改|变更|换|换到|改|改到|改成|改用|更换|更改|替换|替换成|设为|设定|设成|设置|调|调到|调整|调至"),
    (Do(Remove),
        "are not needed|aren't needed|away with|axe|be deleted|be removed|be taken out|bin|bin it|\
         both of them go|can be cut|can be left out|can be removed|can both go|can do without|can go|\
         can it go|can that go|can they go|can't stand|chop|chop off|chuck|clear|could be left out|\
         could both go|could both of them go|could do without|could it go|could that go|could these go|\
         could they go|cut away|cut it out|cut off|cut out|delete|delete it|deleted|deleting|disable|ditch|\
         do not|do not add|do not care for|do not like|do not need|do not show|do not use|do not want|\
         do without|doesn't need|don't|don't add|don't care for|don't like|don't love|don't need|\
         don't need to see|don't show|don't use|don't want|dont|drop|dump|edit out|erase|exclude|\
         fast forward|fed up with|get it out|get rid of|go without|gone|had enough of|has to go|\
         has to go away|hate|have to go|hide|i don't want|is not needed|isn't needed|jump ahead|\
         jump forward|kill|knock off|leave out|lop|lop off|lose|must go|must not|mustn't|needs to go|\
         needs to go away|no|no longer needed|no more|no need for|no one needs|nobody needs|not a fan of|\
         not any|not happy about|not happy with|not keen on|not needed|nuke|omit|remove|removed|removing|\
         scrap|shave|shave off|should be gone|should be removed|should disappear|should go away|\
         should leave|should not|shouldn't|sick of|skip|skip ahead|skip forward|slice|slice off|snip|\
         snip off|stop|strip|strip out|switch off|take away|take down|take off|take out|throw away|\
         throw out|tired of|toss|trash|trim off|turn off|useless|we don't need|wipe out|without the|yank|\
         zap|\
         不喜欢|不想|不想要|不用|不用了|不要|不要了|不需要|停止|停用|免了|关了|关掉|关闭|删|删了|删去|\
         删去掉|删掉|删除|别|别加|别放|别用|别裁掉|别要|剔掉|剔除|剪了|剪去|剪掉|去了|去掉|去除|去除掉|取消|\
         咔掉|多余|嫌|弃用|快进到|截掉|扔掉|抹掉|拿掉|拿走|拿走吧|掐掉|摘掉|撤下|撤了|撤掉|没必要|清掉|清除|\
         用不上|甩掉|略过|看不惯|砍掉|移除|给删了|裁了|裁去|裁掉|讨厌|跳到|跳过|踢掉|隐藏"),
    (Do(Keep),
        "dwell on|hang on|hold|i only need|i only want|just keep|just the|just use|keep|keep just|keep only|\
         keeping|keeps|leave|leave just|leave only|linger|linger on|only keep|only need|only the|only use|\
         only want|retain|stay|stays|use just|use only|\
         不变|不用动|不用改|不用管|仅保留|仅留|保持|保持不变|保留|内容不变|取|只保留|只剩|只用|只留|只留下|\
         只要|截取|留|留下|留着|维持"),
    (Do(Trim),
        "clip it|crop to|cut down|cut it down|cut this down|top and tail|top and tail it|trim|trimmed|\
         trimming|\
         修剪|剪到|剪成|剪至|剪辑到|剪辑成|去头去尾|掐头去尾|掐头掐尾|裁到|裁剪|裁成"),
    (Do(Cut),
        "cut|cutting|\
         剪"),
    (Do(Shorten),
        "compress|compress it|condense|fit|fit it into|fits|shorten|shorter|shrink|speed it to|squeeze|\
         squeeze into|squeeze it into|\
         剪短|剪短到|压到|压缩为|压缩到|压缩成|缩减|缩减到|缩到|缩短|缩短为|缩短到"),
    (Do(Stretch),
        "extend|lengthen|longer|prolong|stretch|\
         加长|加长到|延长|延长到|拉到|拉长|拉长到"),
    (Do(Move),
        "bring|move|moved|nudge|pop it|position|pull it|push it|relocate|reorder|reposition|send|sent to|\
         shift|shove|slide it|stick it|\
         往前放|往后放|拎到|挪|挪到|挪动|挪去|排|排到|推到|提到|提前|提前到|搬|搬到|摆|摆到|放到|放去|放回|\
         放在|移|移到|移动|移动到|移去|移回|移至|调去"),
    (Do(Swap),
        "change places|exchange|exchanged|flip positions|swap|swap places|swap positions|swap spots|\
         swapped|switch|switch around|switch places|switch positions|switch spots|switched|\
         the other way about|trade places|trade positions|trade spots|\
         互换|互换一下|互换位置|交换|交换位置|位置对调|位置换一下|对换|对调|对调位置|换一下位置|换个位置|\
         换个地儿|换个地方|换位置|换过来|调个个儿|调个位置|调个儿|调换|调换位置"),
    (Do(Duplicate),
        "clone|copied|copy|double up|doubled|duplicate|duplicated|duplicates|play twice|repeat|repeated|\
         show it twice|show twice|twice|twice in a row|two times|\
         两下|两次|两遍|再放一次|再放一遍|再来一遍|出现两次|复制|复制一份|复制一遍|多放一遍|播两次|播两遍|\
         放两次|放两遍|来两遍|重复"),
    (Do(Mute),
        "do not want to hear|don't need to hear|don't wanna hear|don't want to hear|i do not want to hear|\
         i don't need to hear|i don't wanna hear|i don't want to hear|i'd rather not hear|mute|muted|mutes|\
         muting|rather not hear|silence|\
         不想听|不想听到|不想听见|消声|消音|静音"),
    (Do(Unmute),
        "un-mute|unmute|unmuted|\
         取消静音|恢复原声|恢复声音|打开原声|打开声音"),
    (Do(Undo),
        "as it was before|back a step|bring it back|cancel that|cancel the last|forget that|go back|\
         go back a step|go back to before|go one step back|how it was before|never mind|nevermind|\
         not what i wanted|one step back|put it back|put it back how it was|put it back the way it was|\
         put that back|restore previous|restore the previous|reverse that last|revert|revert it|\
         revert that|roll back|rollback|scrap that|scrap the last change|scratch that|take back|\
         take it back|take that back|that's not what i wanted|the way it was before|undo|undo it|undo last|\
         undo my|undo that|undo the last|undo this|walk back|\
         上一个版本|上一步|倒回去|别改了|反悔了|变回去|后悔了|回到上一个版本|回到上一步|回到之前|回到刚才|\
         回退|当我没说|恢复上一步|恢复到上一个版本|恢复到上一步|恢复到之前|恢复到刚才|恢复原样|恢复原状|\
         撤一步|撤回|撤回刚才|撤掉刚才|撤销|撤销上|撤销刚才|撤销前|改回刚才|改回去|改回来|步撤|算了|\
         返回上一步|还原|还原回去|还原成之前|这步撤了|退一下|退一步|退回|退回上一步|退回去|那步撤了"),
    (Do(StartOver),
        "all from the top|back to square one|begin again|bin everything|bin it all|bin the lot|blank slate|\
         clean slate|clear all|clear everything|clear it all|clear the timeline|delete everything|\
         delete the timeline|ditch everything|do it over|empty it|empty the timeline|forget all of it|\
         forget all that|forget everything|from scratch|from zero|remove everything|reset|reset everything|\
         reset it|reset the timeline|scrap all of it|scrap all this|scrap everything|scrap it all|\
         scrap the lot|scrap the whole thing|start afresh|start again|start all over|start all over again|\
         start anew|start fresh|start from nothing|start from scratch|start from zero|start it all over|\
         start it over|start over|start over again|throw everything away|throw it all away|\
         throw it all out|throw it out and start|wipe everything|wipe it|wipe it all|wipe the slate|\
         wipe the timeline|\
         从头再来|从头开始|从头来|从头来过|从零再来|从零开始|全不要了|全删了|全清了|全清掉|全部不要了|\
         全部删掉|全部删除|全部推倒|全部清掉|全部清除|全部重来|全都不要了|全都删了|归零|推倒|推倒重来|清空|\
         清零|都清掉|重头再来|重头来|重新开始|重新来|重新来过|重来|重来一遍|重置"),
    (Do(Reverse),
        "back to front|backwards|end to start|from last to first|in reverse|in reverse order|last to first|\
         opposite order|other way around|other way round|reverse|reverse order|reversed|the other direction|\
         倒一下|倒序|倒着播|倒着放|倒着来|倒过来|倒过来放|反一下|反着|反着播|反着放|反着来|反转|反过来|\
         逆序|顺序倒过来|顺序反过来|颠倒"),
    (Do(Export),
        "download|export|exporting|final mp4|finished file|get me the file|get me the final|get me the mp4|\
         get the file|get the mp4|gimme the file|gimme the mp4|give me the file|give me the final|\
         give me the finished|give me the mp4|give me the mp4 file|give me the video|hand me the file|\
         have the file|i need the file|i need the mp4|i want the file|i want the mp4|need the file|\
         need the mp4|need the video file|render|save as|save it as|save the file|save the video|\
         send it to me|send me the file|send me the final|send me the finished|send over the file|\
         send the file|spit out the file|the final file|the mp4 please|want the mp4|\
         下载|下载下来|保存成|保存视频|出片吧|存到本地|存成|导一下|导个片|导出|导出来|渲染|输出"),
];
