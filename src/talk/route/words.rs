//! The words that commands are made of.
//!
//! A stretch is a command when every word of it is listed for that command: one word that is
//! not (`don't`, `style`, `about`) makes it a turn.

use crate::model::media;

/// Politeness and filling, in any command.
pub(super) const COMMON: &str = "please pls can could would you u now just then and also finally ok okay so hi hey the my me \
    i i'd i'll us we to let let's lets want like need go ahead right away straight immediately quickly again once more \
    here's thanks thank \
    请 帮我 帮忙 帮 给我 麻烦 你 您 我 我们 现在 马上 立刻 直接 先 就 一下 下 吧 吗 呢 啊 了 把 的 可以 能 能不能 \
    可不可以 想 要 想要 也 还 这个 那个 这 那 好 好的 谢谢 再次 一次";

/// What people say before or after a wish that asks for nothing.
pub(super) const FILLER: &str = "great perfect nice good cool awesome excellent looks look i'm am happy satisfied with video yes yep sure alright fine all done \
    ready when when's once it it's is that that's this finished done! everything after wow love much very \
    很好 不错 完美 没问题 行 可以了 好了 完成 做好 做完 以后 视频 太好了 棒 辛苦了 是的 嗯 这样 满意 很";

/// Makes a video a file, whatever stands beside it.
pub(super) const EXPORT: &str = "export download render 导出 导出来 下载 渲染 输出 导";
/// Makes a video a file when that, a format or a file is named.
pub(super) const SAVE: &str = "save 保存 存";
/// Hands a video over.
pub(super) const GIVE: &str = "send give get hand 发 给 给我 发给我 发我 传给我 发过来 传过来";
/// What is handed over.
pub(super) const FILM: &str = "video file film movie clip result cut version 视频 成片 文件 片子 影片 作品";
/// What may stand beside an export.
pub(super) const EXPORT_WITH: &str = "it this that for have final finished finish latest project timeline everything \
    whole complete full in as at into with by from out an format quality resolution hd high highest medium low best \
    h264 h.264 \
    computer desktop disk device laptop phone folder here local locally copy link email over \
    youtube tiktok instagram facebook shorts reels \
    成 为 到 以 用 来 出来 出 本地 电脑 手机 桌面 最终 版本 版 格式 质量 画质 分辨率 高清 超清 标清 高质量 \
    一个 一份 个 份 最后 完整 整个 怎么 如何 项目 时间线 快 链接 抖音 小红书";
/// What makes a handing over a wish for something new.
pub(super) const NEW: &str = "a an 一个 个";

/// The balance.
pub(super) const CREDITS: &str = "credits balance 积分 余额 点数";
/// What may stand beside the balance.
pub(super) const CREDITS_WITH: &str = "what what's is are how many much do have left still any enough remaining current account \
    credit show check get see tell give there of balance \
    多少 还有 还剩 剩 剩下 剩余 有 查 查询 查看 查一查 看 看看 看下 显示 告诉 账户 账号 是 够 够用 什么 当前";

/// How the project is.
pub(super) const STATUS: &str = "status state 状态 进度 什么样";
/// The timeline.
pub(super) const TRACKS: &str = "tracks timeline 轨道 时间线 时间轴";
/// A look at it.
pub(super) const LOOK: &str = "show list see check view what what's 看 看看 看下 查看 显示 列出 什么";
/// What may stand beside a status.
pub(super) const STATUS_WITH: &str = "is are of project session video current there it on in at have got far tell give get how do \
    当前 目前 是 怎么样 怎样 如何 项目 视频 上 里 有 有哪些 哪些 告诉 显示 看 看看 查看";

/// A file on its way in.
pub(super) const UPLOAD: &str = "upload attach 上传";
/// What may stand beside an upload.
pub(super) const UPLOAD_WITH: &str = "this these that those it file files clip clips video videos photo photos picture \
    pictures image images music song audio logo media a an some project session timeline \
    这些 这个 那些 文件 视频 图片 照片 音乐 音频 素材 几个 一个 一张 一段 和 到 项目";

/// Words before a name from which it is clear that it is not done.
pub(super) const NOT: &str = "don't dont not never no 不要 别 不 先别 不用";
/// Words that put a wish off: `等一下再导出`.
pub(super) const LATER: &str = "wait later 等 等一下 等会 等会儿 待会 待会儿 稍后 一会 一会儿 晚点";
/// Words after which something is written into the picture.
pub(super) const SAYING: &str = "saying says reading reads titled called named";

/// Questions that ask for the thing itself.
pub(super) const HOW: &[&str] = &["how do i ", "how can i ", "how do we ", "how can we "];

/// Formats that people ask for and that no export has.
const FOREIGN: &str =
    "prores dnxhd dnxhr avi wmv flv mpg mpeg m4v ogv 3gp hevc h265 h.265 av1 vp9 webp apng mp3 wav";

const RESOLUTIONS: &[(&str, &str)] = &[
    ("360p", "360p"),
    ("480p", "480p"),
    ("720p", "720p"),
    ("1080p", "1080p"),
    ("fhd", "1080p"),
    ("全高清", "1080p"),
    ("1440p", "1440p"),
    ("2k", "1440p"),
    ("2160p", "2160p"),
    ("4k", "2160p"),
    ("uhd", "2160p"),
];

/// Returns whether a list holds a word.
pub(super) fn holds(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|listed| listed == word)
}

/// The container or format that a word names; not every one can be had.
pub(super) fn container(word: &str) -> Option<&'static str> {
    let foreign = FOREIGN.split_ascii_whitespace();
    media::CONTAINERS.iter().copied().chain(foreign).find(|known| *known == word)
}

/// The container that a file's name ends in.
pub(super) fn container_of(name: &str) -> Option<&'static str> {
    name.rsplit_once('.').and_then(|(_, ending)| container(ending))
}

/// The resolution that a word names.
pub(super) fn resolution(word: &str) -> Option<&'static str> {
    RESOLUTIONS.iter().find(|(said, _)| *said == word).map(|(_, meant)| *meant)
}

/// Every Chinese word that is known.
pub(super) fn chinese() -> impl Iterator<Item = &'static str> {
    let lists = [
        COMMON,
        FILLER,
        EXPORT,
        SAVE,
        GIVE,
        FILM,
        EXPORT_WITH,
        CREDITS,
        CREDITS_WITH,
        STATUS,
        TRACKS,
        LOOK,
        STATUS_WITH,
        UPLOAD,
        UPLOAD_WITH,
        NOT,
        LATER,
        "全高清",
    ];
    lists.into_iter().flat_map(str::split_ascii_whitespace).filter(|word| !word.is_ascii())
}
