//! Talk in turns: WebVTT, SRT, and tables of time, speaker, words. Times and speakers are keys of rows, no words.

use quick_xml::escape::resolve_html5_entity;

use crate::decode;
use crate::draft::{Draft, Incoming, Original};
use crate::records::{self, Table};
use crate::toml::Value;
use crate::weave::{Group, Weave};
use postil_archive::archive::Format;
use postil_archive::diagnostic::{Code, Diagnostic, Source};

/// Names of columns that hold the time, the speaker, the words.
const TIME: [&str; 7] = ["time", "start", "timestamp", "start_time", "begin", "from", "timecode"];
const SPEAKER: [&str; 5] = ["speaker", "who", "name", "speaker_name", "voice"];
const WORDS: [&str; 6] = ["words", "text", "utterance", "content", "transcript", "turn"];

/// One turn, or a part of one.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Turn {
    /// Seconds from the beginning.
    time: Option<u64>,
    speaker: Option<String>,
    words: String,
}

/// Whether a table is one of turns: it has a time or a speaker, and words.
pub fn is_table(columns: &[String]) -> bool {
    let has = |names: &[&str]| {
        columns.iter().any(|column| names.iter().any(|name| column.trim().eq_ignore_ascii_case(name)))
    };
    has(&TIME) && has(&WORDS)
}

/// Makes a text of a file.
///
/// # Errors
/// It is not what its ending says, or has no words.
pub fn draft(
    incoming: &Incoming,
    source: usize,
    encoding: Option<&str>,
    map: &[(String, String)],
) -> Result<Draft, Box<Diagnostic>> {
    let ending = incoming.name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    let mut draft = Draft::of(incoming, source, Format::Plain);
    let (turns, media_type) = match ending.as_str() {
        "vtt" | "srt" => {
            let decoded = decode::decode(incoming, None, encoding)?;
            let file = Source::new(incoming.path.as_str(), decoded.text);
            let (turns, left) = cues(&file)?;
            if left > 0 {
                draft.left_out.insert("NOTE, STYLE, REGION".to_owned(), left);
            }
            (turns, if ending == "vtt" { "text/vtt" } else { "application/x-subrip" })
        }
        _ => {
            let table = records::read_rows(incoming, encoding)?;
            let media_type = match ending.as_str() {
                "json" => "application/json",
                "jsonl" | "ndjson" => "application/x-ndjson",
                "tsv" => "text/tab-separated-values",
                _ => "text/csv",
            };
            (of_table(&table, map, &mut draft)?, media_type)
        }
    };
    let words: String =
        turns.iter().flat_map(|turn| turn.words.chars()).filter(|c| !c.is_whitespace()).collect();
    let woven = weave(&turns);
    if words.is_empty() {
        let place = postil_archive::diagnostic::Place::file(incoming.path.as_str());
        return Err(Box::new(Diagnostic::error(Code::BAD_SOURCE, place, "it holds no turn that has words")));
    }
    if words != woven.in_order {
        let place = postil_archive::diagnostic::Place::file(incoming.path.as_str());
        let problem = Diagnostic::error(
            Code::DERIVATION_LOST,
            place,
            "not all words of the turns would be in the text",
        );
        return Err(Box::new(
            problem.help("this is a bug in postil, not a mistake of yours: nothing was written"),
        ));
    }
    // Each block is a line.
    draft.bytes = woven.text.replace("\n\n", "\n").into_bytes();
    draft.derived = woven.rows;
    draft.record.set("layout", "lines");
    draft.originals = vec![Original { source, media_type, part: None }];
    Ok(draft)
}

/// The turns of a table.
fn of_table(
    table: &Table,
    map: &[(String, String)],
    draft: &mut Draft,
) -> Result<Vec<Turn>, Box<Diagnostic>> {
    let [time, speaker, words] = [("time", &TIME[..]), ("speaker", &SPEAKER[..]), ("words", &WORDS[..])]
        .map(|(key, names)| table.named(key, names, map));
    let Some(words) = words else {
        let problem =
            Diagnostic::error(Code::BAD_SOURCE, table.start(), "no column of the table holds the words");
        return Err(Box::new(problem.help(format!(
            "name it by `--map COLUMN=words`; the columns are {}",
            table.columns.join(", ")
        ))));
    };
    let unread: Vec<&str> = (0..table.columns.len())
        .filter(|column| ![time, speaker, Some(words)].contains(&Some(*column)))
        .map(|column| table.columns[column].as_str())
        .collect();
    for (_, cells) in table.rows() {
        for (column, _) in cells {
            if unread.contains(&table.columns[column].as_str()) {
                *draft.left_out.entry(format!("column {}", table.columns[column])).or_default() += 1;
            }
        }
    }
    if !unread.is_empty() {
        draft.doubts.push(format!("columns left out: {}", unread.join(", ")));
    }
    // Entities are taken for what they stand for only if every `&` begins one.
    let cells: Vec<String> = table
        .rows()
        .filter_map(|(_, cells)| {
            cells.iter().find(|(column, _)| *column == words).map(|(_, words)| (*words).to_owned())
        })
        .collect();
    let entities: usize = cells.iter().map(|cell| cell.matches('&').count()).sum();
    let decodes = entities > 0 && cells.iter().all(|cell| unescaped(cell).is_some());
    if decodes {
        draft.doubts.push(format!("entities of HTML read as their characters: {entities}"));
    }
    let mut turns = Vec::new();
    for (place, cells) in table.rows() {
        let cell = |column: Option<usize>| {
            let column = column?;
            cells
                .iter()
                .find(|(known, _)| *known == column)
                .map(|(_, words)| words.trim())
                .filter(|words| !words.is_empty())
        };
        let Some(said) = cell(Some(words)) else { continue };
        let time = match cell(time) {
            None => None,
            Some(words) => Some(seconds(words).ok_or_else(|| {
                let problem =
                    Diagnostic::error(Code::BAD_SOURCE, place.clone(), format!("`{words}` is no time"));
                Box::new(problem.help("a time is `1:09`, `0:01:09`, `00:01:09.500` or seconds"))
            })?),
        };
        let said = if decodes { unescaped(said).unwrap_or_default() } else { said.to_owned() };
        turns.push(Turn { time, speaker: cell(speaker).map(str::to_owned), words: said });
    }
    Ok(turns)
}

/// Words with the characters that entities stand for; none if a `&` begins no entity.
fn unescaped(words: &str) -> Option<String> {
    let mut text = String::with_capacity(words.len());
    let mut rest = words;
    while let Some(at) = rest.find('&') {
        text.push_str(&rest[..at]);
        let end = rest[at..].find(';')?;
        let name = &rest[at + 1..at + end];
        match name.strip_prefix('#') {
            Some(number) => {
                let code = match number.strip_prefix(['x', 'X']) {
                    Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                    None => number.parse().ok()?,
                };
                text.push(char::from_u32(code).filter(|c| *c != '\0')?);
            }
            None => text.push_str(resolve_html5_entity(name)?),
        }
        rest = &rest[at + end + 1..];
    }
    text.push_str(rest);
    Some(text)
}

/// Seconds of `1:09`, `0:01:09`, `00:01:09.500`, `00:01:09,500`, `69.5`.
fn seconds(time: &str) -> Option<u64> {
    let time = time.trim().trim_start_matches('[').trim_end_matches(']');
    let whole = time.split(['.', ',']).next()?;
    let parts: Vec<u64> = whole.split(':').map(|part| part.trim().parse().ok()).collect::<Option<_>>()?;
    match parts[..] {
        [seconds] => Some(seconds),
        [minutes, seconds] if seconds < 60 => Some(minutes * 60 + seconds),
        [hours, minutes, seconds] if minutes < 60 && seconds < 60 => {
            Some(hours * 3600 + minutes * 60 + seconds)
        }
        _ => None,
    }
}

/// The cues of WebVTT or SRT, and how many blocks have no words for a reader.
fn cues(file: &Source) -> Result<(Vec<Turn>, u32), Box<Diagnostic>> {
    let mut turns = Vec::new();
    let mut left = 0;
    let text = file.text.replace("\r\n", "\n").replace('\r', "\n");
    let mut line_number = 0;
    for block in text.split("\n\n") {
        let first = line_number;
        line_number += block.matches('\n').count() + 2;
        let mut lines = block.lines().filter(|line| !line.trim().is_empty()).peekable();
        let Some(head) = lines.peek() else { continue };
        if head.trim_start_matches('\u{feff}').starts_with("WEBVTT") {
            continue;
        }
        if ["NOTE", "STYLE", "REGION"].iter().any(|name| head.starts_with(name)) && !block.contains("-->") {
            left += 1;
            continue;
        }
        let Some((start, _)) = lines.find_map(|line| line.split_once("-->")) else {
            let at = file.line_starts().get(first).copied().unwrap_or(0);
            let problem = Diagnostic::error(Code::BAD_SOURCE, file.place(at..at), "these lines have no time");
            return Err(Box::new(problem.help(
                "a cue is a line with `00:00:01.000 --> 00:00:04.000`, then its words, then an empty line",
            )));
        };
        let Some(time) = seconds(start) else {
            let at = file.line_starts().get(first).copied().unwrap_or(0);
            return Err(Box::new(Diagnostic::error(
                Code::BAD_SOURCE,
                file.place(at..at),
                format!("`{}` is no time", start.trim()),
            )));
        };
        let payload = lines.collect::<Vec<_>>().join("\n");
        let mut time = Some(time);
        for (speaker, words) in voices(&payload) {
            if !words.trim().is_empty() {
                turns.push(Turn { time: time.take(), speaker, words });
            }
        }
    }
    Ok((turns, left))
}

/// What each voice of a cue says; tags are no words.
fn voices(payload: &str) -> Vec<(Option<String>, String)> {
    let mut voices: Vec<(Option<String>, String)> = vec![(None, String::new())];
    let mut rest = payload;
    while let Some(at) = rest.find('<') {
        let last = voices.last_mut().expect("there is one");
        last.1.push_str(&rest[..at]);
        let is_tag = rest[at + 1..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '/');
        let Some(end) = rest[at..].find('>').filter(|_| is_tag) else {
            last.1.push('<');
            rest = &rest[at + 1..];
            continue;
        };
        let tag = &rest[at + 1..at + end];
        let name = tag.split([' ', '.', '\n', '\t']).next().unwrap_or_default();
        if name == "v" {
            let speaker = tag.split_once([' ', '\n', '\t']).map(|(_, speaker)| speaker.trim().to_owned());
            voices.push((speaker.filter(|speaker| !speaker.is_empty()), String::new()));
        } else if name == "/v" {
            voices.push((None, String::new()));
        }
        rest = &rest[at + end + 1..];
    }
    voices.last_mut().expect("there is one").1.push_str(rest);
    for (_, words) in &mut voices {
        if let Some(unescaped) = unescaped(words) {
            *words = unescaped;
        }
    }
    voices
}

/// The text: what one speaker says up to the end of a sentence is a block, each speech a row, each time a mark.
fn weave(turns: &[Turn]) -> crate::weave::Woven {
    let mut weave = Weave::default();
    let mut speech: Option<(u32, Option<String>)> = None;
    let mut before: Option<u64> = None;
    let end = |weave: &mut Weave, speech: &mut Option<(u32, Option<String>)>| {
        weave.flush();
        if let Some((first, Some(speaker))) = speech.take() {
            let last = weave.last();
            weave.blocks(
                Group::Structure,
                first,
                last,
                vec![("kind".to_owned(), "speech".into()), ("speaker".to_owned(), speaker.into())],
            );
        }
    };
    for turn in turns {
        let goes_on = speech.as_ref().is_some_and(|(_, speaker)| *speaker == turn.speaker);
        if !goes_on {
            end(&mut weave, &mut speech);
            speech = Some((weave.next(), turn.speaker.clone()));
        }
        let ended = weave
            .since(crate::weave::Mark { block: weave.next(), at: 0 })
            .trim_end()
            .trim_end_matches(['"', '”', '’', ')', '»', ']']);
        if ended.is_empty() || ended.ends_with(['.', '!', '?', '…', '。', '！', '？']) {
            weave.begin(false);
        } else {
            weave.words(" ");
        }
        if let Some(time) = turn.time.filter(|time| before != Some(*time)) {
            before = Some(time);
            let (hours, minutes, seconds) = (time / 3600, time / 60 % 60, time % 60);
            let shown = if hours > 0 {
                format!("{hours}:{minutes:02}:{seconds:02}")
            } else {
                format!("{minutes}:{seconds:02}")
            };
            weave.before(vec![("kind".to_owned(), Value::from("time")), ("time".to_owned(), shown.into())]);
        }
        weave.words(&turn.words);
    }
    end(&mut weave, &mut speech);
    weave.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(name: &str, text: &str, map: &[(&str, &str)]) -> Result<(String, String, Vec<String>), String> {
        let incoming =
            Incoming { path: format!("in/{name}"), name: name.to_owned(), bytes: text.as_bytes().to_vec() };
        let map: Vec<(String, String)> =
            map.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        match draft(&incoming, 0, None, &map) {
            Ok(draft) => {
                let rows = draft.derived.write("");
                Ok((String::from_utf8(draft.bytes).unwrap(), rows[3..].to_owned(), draft.doubts))
            }
            Err(problem) => {
                Err(format!("{}:{} {}", problem.place.line, problem.place.column, problem.message))
            }
        }
    }

    #[test]
    fn subtitles() {
        let vtt = "WEBVTT - A\n\nNOTE a\nb\n\n1\n00:00:09.000 --> 00:00:11.000 align:start\n<v D. Bode>Where were\n<i>you</i>?\n\n00:00:11.500 --> 00:00:12.000\n<v Anna Pell>At the pier,\n\n00:00:13.000 --> 00:00:15.000\n<v Anna Pell>I think &amp; hope.</v>\n\n01:02:03.000 --> 01:02:04.000\nSilence\n";
        let (text, rows, _) = run("a.vtt", vtt, &[]).unwrap();
        assert_eq!(text, "Where were you?\nAt the pier, I think & hope.\nSilence\n");
        assert_eq!(
            rows,
            "structure = [\n  { at = \"p1\", kind = \"time\", time = \"0:09\" },\n  { at = \"p1\", kind = \"speech\", speaker = \"D. Bode\" },\n  { at = \"p2\", kind = \"time\", time = \"0:11\" },\n  { at = \"p2\", kind = \"speech\", speaker = \"Anna Pell\" },\n  { at = \"p2\", quote = \"I\", kind = \"time\", time = \"0:13\" },\n  { at = \"p3\", kind = \"time\", time = \"1:02:03\" },\n]\n"
        );
        let srt = "\u{feff}1\r\n00:00:01,000 --> 00:00:02,000\r\nA < b.\r\n\r\n2\r\n00:00:01,500 --> 00:00:03,000\r\nB.\r\n";
        let (text, rows, _) = run("a.srt", srt, &[]).unwrap();
        assert_eq!(text, "A < b.\nB.\n");
        assert_eq!(rows, "structure = [\n  { at = \"p1\", kind = \"time\", time = \"0:01\" },\n]\n");
        assert_eq!(run("a.srt", "1\nwords\n", &[]).unwrap_err(), "1:1 these lines have no time");
        assert_eq!(
            run("a.srt", "1\n\n\n00:aa --> 00:01\nx\n", &[]).unwrap_err(),
            "1:1 these lines have no time"
        );
    }

    #[test]
    fn tables_of_turns() {
        let csv = "Start,Speaker,Text,Tape\n0:09,DB,\"Where, then?\",1\n0:12,AP,At the pier &amp; beyond.,1\n1:00:00,AP,Yes.,2\n";
        let (text, rows, doubts) = run("a.csv", csv, &[]).unwrap();
        assert_eq!(text, "Where, then?\nAt the pier & beyond.\nYes.\n");
        assert!(rows.contains("{ at = \"p2-p3\", kind = \"speech\", speaker = \"AP\" }"), "{rows}");
        assert!(rows.contains("{ at = \"p3\", kind = \"time\", time = \"1:00:00\" }"), "{rows}");
        assert_eq!(doubts, ["columns left out: Tape", "entities of HTML read as their characters: 1"]);
        // One `&` that begins none: all stay.
        let (text, ..) = run("a.csv", "time,text\n1,A &amp; B & C\n", &[]).unwrap();
        assert_eq!(text, "A &amp; B & C\n");
        let (text, rows, _) = run(
            "a.json",
            "{\"segments\": [{\"start\": 69.5, \"text\": \" Yes.\", \"speaker\": \"A\"}]}",
            &[],
        )
        .unwrap();
        assert_eq!((text.as_str(), rows.contains("time = \"1:09\"")), ("Yes.\n", true));
        let (text, ..) = run(
            "a.jsonl",
            "{\"t\": \"0:01\", \"w\": \"A.\"}\n\n{\"t\": \"0:02\", \"w\": \"B.\"}\n",
            &[("t", "time"), ("w", "words")],
        )
        .unwrap();
        assert_eq!(text, "A.\nB.\n");
        assert_eq!(run("a.csv", "time,text\nx:y,A\n", &[]).unwrap_err(), "2:1 `x:y` is no time");
        assert_eq!(
            run("a.csv", "a,b\n1,2\n", &[]).unwrap_err(),
            "1:1 no column of the table holds the words"
        );
        assert_eq!(
            run("a.csv", "time,text\n1,A,B\n", &[]).unwrap_err(),
            "2:5 the row has 3 cells, the head 2"
        );
        assert_eq!(run("a.jsonl", "{\"a\": 1}\n{\n", &[]).unwrap_err().split(' ').next(), Some("2:1"));
    }
}
