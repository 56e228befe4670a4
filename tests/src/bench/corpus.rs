//! The corpus of the cold sync: records of about 300 bytes of Chinese text, as people of a
//! neighbourhood might write them, the same from every run of the generator.

use std::io::Write;
use std::path::Path;

use serde_json::json;

use crate::sim::random::Random;

const SEED: u64 = 20_260_101;
/// Bytes of text that a record has at least.
const TEXT_BYTES: usize = 297;

const NAMES: &str =
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕";
const STYLES: [&str; 6] = ["阿姨", "叔叔", "大哥", "姐", "老师", "师傅"];
const NEEDS: [&str; 18] = [
    "需要一位邻居帮忙搬一张旧沙发下楼",
    "想借一把电钻和几个膨胀螺丝",
    "老人腿脚不便，想请人代取快递",
    "孩子放学没人接，求顺路的家长帮忙",
    "家里水管漏水，先求一个扳手应急",
    "多做了一锅红烧肉，可以分给独居的邻居",
    "感冒发烧，想请人代买退烧药和口罩",
    "小猫走失，橘白色，戴蓝色项圈",
    "停电了想借一个充电宝给制氧机备用",
    "周末想组织楼道大扫除，缺四个人手",
    "有两箱苹果快放不住了，免费领取",
    "求教如何在手机上挂号，最好能当面教",
    "台风前想找人一起加固阳台的花架",
    "需要轮椅三天，接母亲出院用",
    "想找人陪读英语，每周两次，可以互换做饭",
    "冰箱坏了，有一批药需要冷藏一晚",
    "找会修缝纫机的师傅，酬谢自家腌菜",
    "狗狗临时寄养两天，性格温顺不咬人",
];
const TIMES: [&str; 8] = [
    "今天下午三点之前",
    "明早七点半左右",
    "周六上午十点",
    "晚饭后八点钟",
    "这两天都可以",
    "越快越好，最晚今晚",
    "后天中午",
    "下周一之前",
];
const PLACES: [&str; 12] = [
    "东门菜鸟驿站旁",
    "三号楼一单元门口",
    "社区卫生站二楼",
    "菜市场北侧水果摊",
    "小区花园凉亭",
    "幼儿园后门",
    "地铁站B出口",
    "老年活动中心",
    "物业办公室前",
    "河边步道第二个长椅",
    "五号楼地下车库",
    "街角面馆",
];
const CLOSINGS: [&str; 9] = [
    "联系时请先在群里说一声，我看到就回。",
    "可以付一点辛苦费，也可以下次帮您的忙。",
    "东西用完当天归还，损坏照价赔偿。",
    "门禁密码私聊发您，请不要外传。",
    "如果已经有人帮忙，我会马上更新状态。",
    "不方便上楼的话我可以下来取。",
    "谢谢各位街坊，远亲不如近邻。",
    "有传染风险的话请提前告知，注意防护。",
    "家里有孩子，请尽量不要按门铃。",
];
/// Frequent characters, for the part of a text that no dictionary of phrases foresees.
const CHARACTERS: &str = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严";

/// How large a corpus is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Documents.
    pub documents: usize,
    /// Records of each.
    pub records_each: usize,
    /// Authors.
    pub authors: usize,
}

impl Size {
    /// The size that the targets are about.
    pub const STANDARD: Self = Self {
        documents: 2_000,
        records_each: 10,
        authors: 200,
    };

    /// Returns how many records there are.
    pub const fn records(self) -> usize {
        self.documents * self.records_each
    }
}

/// One record: what an author writes into a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The document, from 0.
    pub document: usize,
    /// Position in the document, from 0.
    pub number: usize,
    /// The author, from 0.
    pub author: usize,
    /// The text.
    pub text: String,
}

/// Generates the records in the order in which they are written: the first of every document, then
/// the second of every document, and so on.
pub fn generate(size: Size) -> Vec<Record> {
    let mut random = Random::new(SEED);
    let names: Vec<char> = NAMES.chars().collect();
    let characters: Vec<char> = CHARACTERS.chars().collect();
    let mut records = Vec::with_capacity(size.records());
    for number in 0..size.records_each {
        for document in 0..size.documents {
            records.push(Record {
                document,
                number,
                author: random.index(size.authors),
                text: text(&mut random, &names, &characters),
            });
        }
    }
    records
}

fn text(random: &mut Random, names: &[char], characters: &[char]) -> String {
    let mut text = String::new();
    text.push(names[random.index(names.len())]);
    text.push_str(STYLES[random.index(STYLES.len())]);
    text.push('：');
    text.push_str(NEEDS[random.index(NEEDS.len())]);
    text.push('，');
    text.push_str(TIMES[random.index(TIMES.len())]);
    text.push_str("，地点");
    text.push_str(PLACES[random.index(PLACES.len())]);
    text.push('，');
    text.push_str(CLOSINGS[random.index(CLOSINGS.len())]);
    while text.len() < TEXT_BYTES {
        text.push(characters[random.index(characters.len())]);
    }
    text
}

/// Writes records as the peers read them: one JSON object a line.
///
/// # Errors
///
/// When the file cannot be written.
pub fn write(records: &[Record], path: &Path) -> std::io::Result<()> {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    for record in records {
        let line = json!({
            "document": record.document,
            "number": record.number,
            "author": record.author,
            "text": record.text,
        });
        writeln!(file, "{line}")?;
    }
    file.flush()
}
