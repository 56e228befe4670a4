//! A day in the neighbourhood on five real nodes: the water is cut off, forty-one requests that
//! people really made run from asking to thanks, the network breaks in the middle, two helpers are
//! booked for one place on both sides of it, one does not come, and one cry for help stays
//! unanswered. In the end every node shows the same, and it is what the reference model makes of the
//! entries.

mod page;
mod phone;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use protocol::id::{DocumentId, SpaceId};
use protocol::words::RecoveryWords;
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::oracle::held::{Held, Told};
use tests::process::{Home, address, until_same};

use phone::Phone;

const LISTENING: [&str; 2] = ["--listen", "/ip4/127.0.0.1/tcp/0"];
const MINUTE_MS: i64 = 60_000;

/// Requests of the table.
const REQUESTS: usize = 41;
/// Requests for which a helper is accepted on either side of the broken network.
const BOOKED_TWICE: usize = 2;
/// Requests whose helpers say that they come and that they are done in two acts; the others say it in
/// one, which is quicker.
const SEPARATELY: usize = 5;

/// The nodes, by their place in [`Day::homes`].
const LIN: usize = 0;
const WANG: usize = 1;
const CHEN: usize = 2;
const ZHANG: usize = 3;
const LAPTOP: usize = 4;
/// The households, each with its building; the last speaks for the property manager. The fifth node
/// is the first household's laptop.
const HOUSEHOLDS: [(&str, &str); 4] = [("林家", "3"), ("王家", "3"), ("陈家", "5"), ("张家", "5")];

struct Day {
    folder: TempDir,
    homes: [Home; 5],
    space: SpaceId,
    /// The recovery words of the household whose telephone has no network.
    words: RecoveryWords,
    households: BTreeMap<String, usize>,
}

/// A request of the table: whose it is, and who helps.
struct Asked {
    id: String,
    requester: usize,
    helper: usize,
    offer: String,
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn now_ms() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    i64::try_from(now.expect("a clock").as_millis()).expect("a time")
}

/// Asks a node and expects a code.
#[track_caller]
fn ask(home: &Home, method: &str, path: &str, body: Option<&Value>, expected: u16) -> Value {
    let (code, answer) = home.request(method, path, body).expect("a running node");
    assert_eq!(code, expected, "{method} {path} {body:?}: {answer}");
    answer
}

/// Says a fact about a document.
#[track_caller]
fn say(home: &Home, id: &str, list: &str, fact: &Value) {
    let changes = json!({"fields": {list: fact}});
    ask(
        home,
        "PATCH",
        &format!("/v1/documents/{id}"),
        Some(&changes),
        200,
    );
}

#[track_caller]
fn shown(home: &Home, id: &str) -> Value {
    ask(home, "GET", &format!("/v1/documents/{id}"), None, 200)["document"].clone()
}

#[track_caller]
fn requests(home: &Home) -> Vec<Value> {
    let page = ask(
        home,
        "GET",
        "/v1/documents?kind=request&limit=500&settled=true",
        None,
        200,
    );
    page["items"].as_array().expect("documents").clone()
}

fn states(home: &Home) -> BTreeMap<String, usize> {
    let mut states = BTreeMap::new();
    for view in requests(home) {
        *states.entry(text(&view["state"])).or_default() += 1;
    }
    states
}

/// Why a document waits for a household.
fn waits(home: &Home, id: &str) -> BTreeSet<String> {
    let today = ask(home, "GET", "/v1/today", None, 200);
    let waiting = today["waiting"].as_array().expect("a list").iter();
    let about = waiting.filter(|waiting| waiting["document"]["id"] == *id);
    about.map(|waiting| text(&waiting["why"])).collect()
}

/// The offers of a request, as `helper: state`.
fn offers(home: &Home, id: &str) -> BTreeMap<String, String> {
    let view = shown(home, id);
    let offers = view["fields"]["offers"].as_array().into_iter().flatten();
    let told = offers.map(|offer| (text(&offer["by"]["name"]), text(&offer["state"])));
    told.collect()
}

fn offer_of(home: &Home, id: &str, helper: &str) -> String {
    let view = shown(home, id);
    let mut offers = view["fields"]["offers"].as_array().into_iter().flatten();
    let offer = offers.find(|offer| offer["by"]["name"] == *helper);
    text(&offer.expect("an offer")["id"])
}

/// Splits a table into its rows; cells in quotes may hold line feeds.
fn rows(table: &str) -> Vec<String> {
    let mut rows = vec![String::new()];
    let mut quoted = false;
    for sign in table.chars() {
        quoted ^= sign == '"';
        if sign == '\n' && !quoted {
            rows.push(String::new());
        } else if let Some(row) = rows.last_mut() {
            row.push(sign);
        }
    }
    rows.retain(|row| !row.trim().is_empty());
    rows
}

/// The table of requests that people made in Wuhan in January 2020.
fn table() -> Option<String> {
    let folder = std::env::var_os("LINLI_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"),
        PathBuf::from,
    );
    std::fs::read_to_string(folder.join("requests/wuhan-2020.csv")).ok()
}

impl Day {
    /// Founds a neighbourhood of four households, five nodes and a property manager.
    fn begin() -> Self {
        let folder = TempDir::new().expect("a folder");
        let [lin, wang, chen, zhang, laptop] =
            ["lin", "wang", "chen", "zhang", "laptop"].map(|name| Home::new(folder.path(), name));
        let mut homes = [lin, wang, chen, zhang, laptop];
        let who = |(name, building)| ["--lang", "zh", "--household", name, "--building", building];
        let founding = [&["init", "--found", "梧桐里"][..], &who(HOUSEHOLDS[LIN])].concat();
        let founded = homes[LIN].json(&founding);
        homes[LIN].start(&LISTENING);
        let dial = address(&homes[LIN]);
        let invitation = homes[LIN].json(&["invite", "--uses", "3", "--expires", "7d"]);
        let invitation = text(&invitation["invitation"]);
        let mut words = None;
        for one in [WANG, CHEN, ZHANG] {
            let joining = ["join", &invitation, "--dial", &dial];
            let joined = homes[one].json(&[&joining[..], &who(HOUSEHOLDS[one])].concat());
            assert_eq!(joined["pending"], json!(false), "{joined}");
            let told = joined["words"].as_array().expect("words").iter();
            let told: Vec<&str> = told.filter_map(Value::as_str).collect();
            words = words.or(RecoveryWords::parse(&told.join(" ")).ok());
        }
        let code = text(&homes[LIN].json(&["device", "add"])["code"]);
        homes[LAPTOP].json(&["join", &code, "--lang", "zh"]);
        let mut day = Self {
            folder,
            homes,
            space: serde_json::from_value(founded["space"].clone()).expect("a space"),
            words: words.expect("recovery words"),
            households: BTreeMap::new(),
        };
        day.join_up(LIN, &[WANG, CHEN, ZHANG, LAPTOP]);
        day.agree();
        day[LIN].json(&["office", "add", "物业", "--spokesperson", "张家"]);
        day[LIN].json(&["office", "add", "居委会"]);
        day[LIN].json(&["appoint", "陈家", "steward", "--office", "居委会"]);
        day.agree();
        let roster = ask(&day[LIN], "GET", "/v1/roster", None, 200);
        for member in roster["members"].as_array().expect("members") {
            let place = HOUSEHOLDS
                .iter()
                .position(|(name, _)| member["name"] == *name);
            day.households
                .extend(place.map(|place| (text(&member["id"]), place)));
        }
        day
    }

    /// Starts nodes beside one that others dial, which is started too unless it runs.
    fn join_up(&mut self, dialled: usize, others: &[usize]) {
        if !self.homes[dialled].is_running() {
            self.homes[dialled].start(&LISTENING);
        }
        let dial = address(&self.homes[dialled]);
        for one in others {
            self.homes[*one].start(&[&LISTENING[..], &["--dial", &dial]].concat());
        }
    }

    /// Stops every node that runs.
    fn stop(&mut self) {
        for home in &mut self.homes {
            home.kill();
        }
    }

    /// Waits until all nodes hold and show the same.
    fn agree(&self) {
        until_same(&self.homes.iter().collect::<Vec<_>>());
    }

    /// Imports the table, a row of each four for each household, and tells whose they are.
    fn import(&self, table: &str) -> Vec<Asked> {
        let rows = rows(table);
        let (head, rows) = rows.split_first().expect("headings");
        let mut imported = 0;
        for (place, _) in HOUSEHOLDS.iter().enumerate() {
            let mut own = vec![head.clone()];
            own.extend(rows.iter().skip(place).step_by(HOUSEHOLDS.len()).cloned());
            let file = own.join("\n");
            let path = "/v1/imports/requests";
            let (code, report) = self[place].upload(path, file.as_bytes()).expect("a node");
            assert_eq!((code, &report["errors"]), (200, &json!([])), "{report}");
            imported += report["imported"].as_u64().expect("a number");
        }
        assert_eq!(imported, REQUESTS as u64);
        self.agree();
        let asked = requests(&self[LIN]).into_iter().map(|view| {
            let requester = self.households[view["author"]["id"].as_str().expect("an id")];
            Asked {
                id: text(&view["id"]),
                requester,
                helper: (requester + 1) % HOUSEHOLDS.len(),
                offer: String::new(),
            }
        });
        let mut asked: Vec<Asked> = asked.collect();
        asked.sort_by_key(|asked| asked.requester);
        asked
    }

    /// The appointment of the one who speaks for the property manager, as a node knows it.
    fn spokesperson(&self, place: usize) -> Value {
        let roster = ask(&self[place], "GET", "/v1/roster", None, 200);
        let members = roster["members"].as_array().expect("members").iter();
        let roles = members.filter_map(|member| member["roles"].as_array());
        let mut roles = roles.flatten();
        let speaks = roles.find(|role| role["role"] == "spokesperson");
        speaks.expect("a spokesperson")["appointment"].clone()
    }
}

impl std::ops::Index<usize> for Day {
    type Output = Home;

    fn index(&self, place: usize) -> &Home {
        &self.homes[place]
    }
}

#[test]
fn five_nodes_live_through_a_day_and_agree_with_the_model() {
    let Some(table) = table() else {
        eprintln!("skipped: there are no real requests; LINLI_DATA names their folder");
        return;
    };
    let mut day = Day::begin();

    // The property manager speaks, urgently, and asks who has taken note.
    let notice = text(
        &day[ZHANG].json(&[
            "post",
            "notice",
            "--title",
            "今晚停水",
            "--body",
            "21:00 至次日 6:00 停水，请提前储水。",
            "--level",
            "urgent",
            "--as",
            "物业",
            "--ack",
        ])["id"],
    );
    let mut asked = day.import(&table);
    let capacity = day.spokesperson(LAPTOP);
    for place in [CHEN, WANG] {
        let fields = &shown(&day[place], &notice)["fields"];
        assert_eq!(
            (&fields["level"], &fields["capacity"]),
            (&json!("urgent"), &capacity)
        );
    }
    acknowledge(&day, &notice);

    // Offers: the next household helps, of the first one's requests two more.
    for one in &asked {
        say(
            &day[one.helper],
            &one.id,
            "offers",
            &json!({"body": "我来"}),
        );
    }
    for one in &asked[..BOOKED_TWICE] {
        say(&day[CHEN], &one.id, "offers", &json!({"body": "我也可以"}));
    }
    let missed = asked.iter().position(|one| one.requester == WANG);
    let missed = missed.expect("a request");
    say(
        &day[LIN],
        &asked[missed].id,
        "offers",
        &json!({"body": "备用"}),
    );
    day.agree();
    assert_eq!(
        states(&day[CHEN]),
        BTreeMap::from([("offered".to_owned(), REQUESTS)])
    );
    for one in &mut asked {
        one.offer = offer_of(&day[LIN], &one.id, HOUSEHOLDS[one.helper].0);
    }

    accept_apart(&mut day, &asked);
    // The network is whole again: what was accepted apart is all there.
    for place in 0..day.homes.len() {
        for one in &asked[..BOOKED_TWICE] {
            assert_eq!(shown(&day[place], &one.id)["state"], json!("double-booked"));
            let both = [("王家", "accepted"), ("陈家", "accepted")];
            let both = both.map(|(name, state)| (name.to_owned(), state.to_owned()));
            assert_eq!(offers(&day[place], &one.id), BTreeMap::from(both));
        }
    }
    for one in &asked[..BOOKED_TWICE] {
        assert!(waits(&day[LIN], &one.id).contains("double-booked"));
        day[LIN].json(&["accept", &one.id, &one.offer]);
    }
    day.agree();
    for one in &asked[..BOOKED_TWICE] {
        let stand = offers(&day[CHEN], &one.id);
        assert_eq!(
            (stand["王家"].as_str(), stand["陈家"].as_str()),
            ("accepted", "standby")
        );
    }

    miss(&day, &mut asked[missed]);
    finish(&day, &asked);
    correct(&day, &notice);
    stay_unanswered(&day);
    compare(&day);

    print(&day);
}

/// Three households take note: two themselves, one on paper that another brings.
fn acknowledge(day: &Day, notice: &str) {
    day[LIN].json(&["ack", notice]);
    day[WANG].json(&["ack", notice]);
    day.agree();
    let told = day[ZHANG].json(&["outstanding", notice]);
    assert_eq!(told["outstanding"][0]["name"], json!("陈家"), "{told}");
    day[LIN].json(&["ack", notice, "--for", "陈家", "--paper"]);
    day.agree();
    let told = day[ZHANG].json(&["outstanding", notice]);
    assert_eq!(
        (&told["households"], &told["acknowledged"]),
        (&json!(3), &json!(3)),
        "{told}"
    );
    assert_eq!(
        (&told["on_paper"], &told["by_proxy"]),
        (&json!(1), &json!(0))
    );
    let told = day[WANG].json(&["outstanding", notice]);
    assert_eq!(
        (&told["acknowledged"], told.get("given")),
        (&json!(3), None),
        "{told}"
    );
}

/// One side after the other, as far as it goes without the rest: requesters accept, and helpers on
/// the same side confirm the time.
fn accept_apart(day: &mut Day, asked: &[Asked]) {
    day.stop();
    for side in [&[LIN, WANG][..], &[CHEN, ZHANG, LAPTOP]] {
        day.join_up(side[0], &side[1..]);
        for one in asked.iter().filter(|one| side.contains(&one.requester)) {
            say(
                &day[one.requester],
                &one.id,
                "acceptances",
                &json!({"offer": one.offer}),
            );
        }
        if side.contains(&LAPTOP) {
            for one in &asked[..BOOKED_TWICE] {
                let offer = offer_of(&day[LAPTOP], &one.id, "陈家");
                say(
                    &day[LAPTOP],
                    &one.id,
                    "acceptances",
                    &json!({"offer": offer}),
                );
                assert_eq!(shown(&day[LAPTOP], &one.id)["state"], json!("matched"));
            }
        }
        day.stop();
    }
    day.join_up(LIN, &[WANG, CHEN, ZHANG, LAPTOP]);
    day.agree();
}

/// The helper does not come and says why; who stood by is asked instead.
fn miss(day: &Day, missed: &mut Asked) {
    let (requester, id) = (missed.requester, &missed.id);
    day[requester].json(&["no-show", id, "--body", "等了一小时"]);
    day.agree();
    assert!(waits(&day[missed.helper], id).contains("answer-no-show"));
    assert!(waits(&day[LIN], id).contains("standby-again"));
    day[missed.helper].json(&["reply", id, "--body", "电梯坏了"]);
    day.agree();
    // The requester, the helper and a steward are told; a neighbour is not.
    for place in [WANG, CHEN, LIN, ZHANG] {
        let fields = shown(&day[place], id)["fields"].clone();
        let told = place != ZHANG;
        let said = fields["no_shows"][0]["statement"] == "等了一小时";
        let answered = fields["replies"][0]["answer"] == "电梯坏了";
        assert_eq!((said, answered), (told, told), "{place}: {fields}");
    }
    missed.helper = LIN;
    missed.offer = offer_of(&day[requester], id, "林家");
    say(
        &day[requester],
        id,
        "acceptances",
        &json!({"offer": missed.offer}),
    );
}

/// Every request runs to its end: the time confirmed, done, and confirmed by who asked.
fn finish(day: &Day, asked: &[Asked]) {
    day.agree();
    assert_eq!(
        states(&day[LAPTOP]),
        BTreeMap::from([("matched".to_owned(), REQUESTS)])
    );
    for (number, one) in asked.iter().enumerate() {
        let offer = json!({"offer": one.offer});
        let done = json!({"offer": one.offer, "minutes": 60});
        let helper = &day[one.helper];
        if number < SEPARATELY {
            say(helper, &one.id, "check_ins", &offer);
            assert_eq!(shown(helper, &one.id)["state"], json!("in-progress"));
            say(helper, &one.id, "completions", &done);
        } else {
            let both = json!({"fields": {"check_ins": offer, "completions": done}});
            ask(
                helper,
                "PATCH",
                &format!("/v1/documents/{}", one.id),
                Some(&both),
                200,
            );
        }
    }
    day.agree();
    assert_eq!(
        states(&day[LAPTOP]),
        BTreeMap::from([("done".to_owned(), REQUESTS)])
    );
    for one in asked {
        say(
            &day[one.requester],
            &one.id,
            "confirmations",
            &json!({"minutes": 60}),
        );
    }
    day.agree();
    for home in &day.homes {
        assert_eq!(
            states(home),
            BTreeMap::from([("confirmed".to_owned(), REQUESTS)])
        );
        let remembered = home.json(&["help-given"])["neighbourhood"].clone();
        assert_eq!(
            remembered,
            json!({"helps": REQUESTS, "minutes": REQUESTS * 60})
        );
    }
}

/// A correction that changes what matters voids what was acknowledged before.
fn correct(day: &Day, notice: &str) {
    let correction = json!({"title": "今晚停水改到明晚", "material": true});
    say(&day[ZHANG], notice, "corrections", &correction);
    day.agree();
    let told = day[LIN].json(&["outstanding", notice]);
    assert_eq!(
        (&told["acknowledged"], &told["on_paper"]),
        (&json!(0), &json!(0)),
        "{told}"
    );
    assert_eq!(told["outstanding"].as_array().map(Vec::len), Some(3));
    for place in [LIN, WANG, CHEN] {
        assert!(waits(&day[place], notice).contains("acknowledge"));
    }
    day[LIN].json(&["ack", notice]);
    day[CHEN].json(&["ack", notice]);
    day.agree();
    let told = day[ZHANG].json(&["outstanding", notice]);
    assert_eq!(
        (&told["acknowledged"], &told["on_paper"]),
        (&json!(2), &json!(0)),
        "{told}"
    );
    let view = shown(&day[WANG], notice);
    assert_eq!(view["state"], json!("corrected"));
    assert_eq!(view["fields"]["title"], json!("今晚停水改到明晚"));
    assert_eq!(view["fields"]["original"]["title"], json!("今晚停水"));
}

/// A telephone without a network cried for help, the last time five minutes ago and the first time
/// three hours ago. Its stick comes now: the longer nobody answers, the more are asked.
fn stay_unanswered(day: &Day) {
    let held = day[WANG]
        .run(&["export", "--space", "--format", "bundle"])
        .stdout;
    let now = now_ms();
    let mut phone = Phone::new(day.space, &day.words.key(), &held, now - 200 * MINUTE_MS);
    let ages = [(180, "没有人应"), (40, "等了半小时"), (5, "刚刚")];
    let ids = ages.map(|(minutes, title)| {
        let fields = json!({
            "title": title, "urgent": true, "reason": "老人摔倒", "building": "3",
        });
        let fields = serde_json::from_value(fields).expect("fields");
        let id: DocumentId = phone.post(now - minutes * MINUTE_MS, "request", fields);
        id.to_string()
    });
    let stick = day.folder.path().join("stick.linli");
    std::fs::write(&stick, phone.bundle()).expect("a stick");
    day[CHEN].json(&["import", "bundle", stick.to_str().expect("a path")]);
    day.agree();
    let asked = |id: &str| {
        let next = shown(&day[LAPTOP], id)["next"].clone();
        assert_eq!(next[0]["step"], json!("offer"), "{next}");
        text(&next[0]["who"])
    };
    assert_eq!(
        ids.each_ref().map(|id| asked(id)),
        ["anyone", "stewards", "building"]
    );
    // In the building; a steward elsewhere; a neighbour elsewhere.
    let expected = [
        (LIN, ["urgent-nearby", "urgent-nearby", "urgent-nearby"]),
        (CHEN, ["urgent-unanswered", "urgent-unanswered", ""]),
        (ZHANG, ["urgent-widened", "", ""]),
    ];
    for (place, whys) in expected {
        for (id, why) in ids.iter().zip(whys) {
            let told = waits(&day[place], id);
            let as_said = if why.is_empty() {
                told.is_empty()
            } else {
                told.contains(why)
            };
            assert!(as_said, "{place} {id}: {told:?}, not {why:?}");
        }
    }
}

/// Holds every node against the model of the entries that it exports, and nodes against each other.
fn compare(day: &Day) {
    let exported = |home: &Home| {
        let bundle = home.run(&["export", "--space", "--format", "bundle"]);
        assert!(bundle.status.success());
        Held::read(day.space, &bundle.stdout)
    };
    let mut model = exported(&day[LIN]);
    assert_eq!(model.failures(), []);
    let told = model.told();
    for (place, home) in day.homes.iter().enumerate() {
        assert!(exported(home).told() == told, "another history");
        let space = home.json(&["export", "--space"]);
        let documents = space["documents"].as_array().expect("documents");
        assert_eq!(documents.len(), told.len());
        for view in documents {
            let id: DocumentId = serde_json::from_value(view["id"].clone()).expect("an id");
            shows_what_is_told(view, &told[&id], place != ZHANG);
        }
    }
}

/// Holds what a node tells of a document against the model. What not everybody is shown may be told
/// to those whom it is about, and to stewards.
fn shows_what_is_told(view: &Value, told: &Told, may_be_meant: bool) {
    let lists = view["fields"].as_object().expect("fields").values();
    let facts: Vec<&Value> = lists.filter_map(Value::as_array).flatten().collect();
    let named: BTreeSet<String> = facts.iter().map(|fact| text(&fact["id"])).collect();
    let Some(course) = &told.course else {
        assert_eq!(named, told.facts, "{view}");
        return;
    };
    let name = |(entry, atom): &(_, u32)| format!("{entry}.{atom}");
    let withheld: BTreeSet<String> = course.withheld.iter().map(name).collect();
    let everybodys: BTreeSet<String> = told.facts.difference(&withheld).cloned().collect();
    let shown_too: BTreeSet<String> = named.difference(&everybodys).cloned().collect();
    assert!(everybodys.is_subset(&named), "{view}");
    assert!(shown_too.is_subset(&withheld), "{view}");
    assert!(may_be_meant || shown_too.is_empty(), "{view}");
    assert_eq!(view["state"], json!(course.state), "{view}");
    for (offer, state) in &course.offers {
        let shown = facts.iter().find(|fact| fact["id"] == *name(offer));
        assert_eq!(
            shown.map(|fact| &fact["state"]),
            Some(&json!(state)),
            "{view}"
        );
    }
}

/// The digest that a household prints at the end of the day, in both languages.
fn print(day: &Day) {
    for language in ["zh", "en"] {
        let printed = |format: &str| {
            let output = day[ZHANG].run(&["digest", "--lang", language, "--format", format]);
            assert!(output.status.success(), "{output:?}");
            String::from_utf8(output.stdout).expect("UTF-8")
        };
        let page = printed("md");
        insta::assert_snapshot!(format!("digest-{language}"), page::masked(&page));
        // Cells are broken over lines, at the paper's width.
        let plain = page::squeezed(&printed("text"));
        for view in requests(&day[LIN]) {
            let title: String = text(&view["fields"]["title"]).chars().take(10).collect();
            assert!(plain.contains(&page::squeezed(&title)), "{title}: {plain}");
        }
        let headings = page.lines().filter_map(|line| line.strip_prefix("## "));
        let places = headings.map(|heading| plain.find(&page::squeezed(heading)));
        let places: Vec<usize> = places.map(|place| place.expect("a heading")).collect();
        assert!(
            places.is_sorted() && places.len() == 3,
            "{places:?}: {plain}"
        );
    }
}
