//! The commonest words of English: as forms of a term they would be marked in
//! every sentence.

/// Whether a form is a bare common word that would be matched in small letters.
/// With `any_case` a capital does not help.
pub(super) fn is_common(form: &str, any_case: bool) -> bool {
    let form = form.trim();
    if any_case {
        return WORDS.binary_search(&form.to_lowercase().as_str()).is_ok();
    }
    WORDS.binary_search(&form).is_ok()
}

/// Sorted.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "a", "able", "about", "above", "across", "act", "action", "add", "after", "again", "against", "age",
    "ago", "agree", "air", "all", "allow", "almost", "alone", "along", "already", "also", "although",
    "always", "am", "among", "amount", "an", "and", "animal", "another", "answer", "any", "anyone",
    "anything", "appear", "are", "area", "arm", "around", "art", "as", "ask", "at", "away", "baby", "back",
    "bad", "ball", "bank", "bar", "base", "be", "bear", "beat", "became", "because", "become", "bed",
    "been", "before", "began", "begin", "behind", "being", "believe", "below", "best", "better", "between",
    "beyond", "big", "bill", "bird", "bit", "black", "blue", "board", "boat", "body", "book", "born",
    "both", "box", "boy", "bring", "brother", "brought", "build", "building", "built", "business", "but",
    "buy", "by", "call", "called", "came", "can", "car", "care", "carry", "case", "cause", "centre",
    "certain", "chance", "change", "charge", "child", "children", "choose", "church", "city", "class",
    "clear", "close", "cold", "come", "common", "community", "company", "complete", "consider", "continue",
    "control", "cost", "could", "council", "country", "couple", "course", "court", "cover", "create",
    "cross", "current", "cut", "dark", "data", "date", "daughter", "day", "days", "dead", "deal", "death",
    "decide", "decision", "deep", "describe", "despite", "detail", "develop", "did", "die", "difference",
    "different", "difficult", "direct", "do", "doctor", "does", "dog", "done", "door", "down", "draw",
    "dream", "drive", "drop", "during", "each", "early", "earth", "ease", "east", "easy", "eat", "edge",
    "education", "effect", "effort", "either", "else", "end", "enough", "enter", "even", "evening", "event",
    "ever", "every", "everyone", "everything", "evidence", "example", "exist", "expect", "experience",
    "explain", "eye", "eyes", "face", "fact", "fall", "family", "far", "farm", "fast", "father", "fear",
    "feel", "feet", "felt", "few", "field", "fight", "figure", "fill", "final", "find", "fine", "fire",
    "first", "fish", "five", "floor", "fly", "follow", "food", "foot", "for", "force", "foreign", "form",
    "former", "forward", "found", "four", "free", "friend", "from", "front", "full", "further", "future",
    "game", "garden", "gave", "general", "get", "girl", "give", "given", "glass", "go", "goes", "going",
    "gold", "gone", "good", "got", "government", "great", "green", "ground", "group", "grow", "had", "hair",
    "half", "hall", "hand", "hands", "happen", "hard", "has", "have", "he", "head", "health", "hear",
    "heard", "heart", "heat", "heavy", "held", "help", "her", "here", "herself", "high", "him", "himself",
    "his", "history", "hold", "home", "hope", "horse", "hospital", "hot", "hour", "hours", "house", "how",
    "however", "human", "hundred", "husband", "idea", "if", "image", "important", "in", "include",
    "including", "increase", "indeed", "industry", "information", "inside", "instead", "interest", "into",
    "is", "issue", "it", "item", "its", "itself", "job", "join", "just", "keep", "kept", "kill", "kind",
    "king", "knew", "know", "known", "lack", "land", "language", "large", "last", "late", "later", "law",
    "lay", "lead", "leader", "learn", "least", "leave", "led", "left", "legal", "less", "let", "letter",
    "level", "lie", "life", "light", "like", "likely", "line", "list", "listen", "little", "live", "local",
    "long", "look", "lord", "lose", "loss", "lost", "lot", "love", "low", "machine", "made", "main",
    "major", "make", "man", "manager", "many", "market", "may", "me", "mean", "measure", "meet", "member",
    "men", "mention", "might", "mile", "mind", "minister", "minute", "miss", "model", "modern", "moment",
    "money", "month", "months", "more", "morning", "most", "mother", "mouth", "move", "much", "music",
    "must", "my", "name", "nation", "national", "nature", "near", "nearly", "necessary", "need", "never",
    "new", "news", "next", "night", "no", "none", "nor", "north", "not", "note", "nothing", "notice", "now",
    "number", "of", "off", "offer", "office", "officer", "often", "oh", "oil", "old", "on", "once", "one",
    "only", "onto", "open", "operation", "or", "order", "other", "others", "our", "out", "outside", "over",
    "own", "page", "paper", "part", "particular", "party", "pass", "past", "pattern", "pay", "peace",
    "people", "per", "perhaps", "period", "person", "picture", "piece", "place", "plan", "plant", "play",
    "point", "police", "policy", "political", "poor", "position", "possible", "power", "practice",
    "present", "press", "price", "private", "probably", "problem", "process", "produce", "product",
    "programme", "project", "prove", "provide", "public", "pull", "purpose", "push", "put", "quality",
    "question", "quick", "quickly", "quiet", "quite", "raise", "ran", "range", "rate", "rather", "reach",
    "read", "ready", "real", "really", "reason", "receive", "recent", "red", "reflect", "region",
    "relation", "remain", "remember", "report", "require", "research", "rest", "result", "return", "rich",
    "right", "rise", "road", "role", "room", "round", "rule", "run", "safe", "said", "same", "sat", "save",
    "saw", "say", "school", "science", "sea", "second", "section", "see", "seem", "seen", "self", "sell",
    "send", "sense", "sent", "serious", "serve", "service", "set", "seven", "several", "shall", "she",
    "ship", "short", "should", "show", "side", "sign", "similar", "simple", "since", "single", "sister",
    "sit", "situation", "six", "size", "sky", "sleep", "small", "so", "social", "society", "some",
    "someone", "something", "son", "song", "soon", "sort", "sound", "source", "south", "space", "speak",
    "special", "stage", "stand", "start", "state", "statement", "stay", "step", "still", "stood", "stop",
    "story", "street", "strong", "student", "study", "subject", "such", "sudden", "sun", "support", "sure",
    "system", "table", "take", "taken", "talk", "tax", "teach", "team", "tell", "ten", "term", "test",
    "text", "than", "thank", "that", "the", "their", "them", "themselves", "then", "there", "therefore",
    "these", "they", "thing", "things", "think", "third", "this", "those", "though", "thought", "thousand",
    "three", "through", "throughout", "thus", "time", "times", "to", "today", "together", "told", "too",
    "took", "top", "total", "toward", "towards", "town", "trade", "train", "treat", "tree", "trial", "true",
    "trust", "try", "turn", "two", "type", "under", "understand", "union", "unit", "until", "up", "upon",
    "us", "use", "used", "usual", "usually", "value", "various", "very", "view", "village", "visit",
    "voice", "wait", "walk", "wall", "want", "war", "was", "watch", "water", "way", "we", "week", "weeks",
    "well", "went", "were", "west", "what", "whatever", "when", "where", "whether", "which", "while",
    "white", "who", "whole", "whom", "whose", "why", "wide", "wife", "will", "wind", "window", "winter",
    "wish", "with", "within", "without", "woman", "women", "wonder", "wood", "word", "words", "work",
    "worker", "world", "would", "write", "written", "wrong", "year", "years", "yes", "yet", "you", "young",
    "your",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_small() {
        assert!(WORDS.is_sorted_by(|a, b| a < b));
        assert!(WORDS.iter().all(|word| word.bytes().all(|b| b.is_ascii_lowercase())));
    }

    #[test]
    fn common_words_are_bare_and_in_small_letters() {
        for form in ["the", "will", " case ", "it", "report"] {
            assert!(is_common(form, false), "{form:?}");
        }
        for form in ["Will", "IT", "the act", "trafficking", "Reflex", "reflex", ""] {
            assert!(!is_common(form, false), "{form:?}");
        }
        assert!(is_common("Will", true));
        assert!(!is_common("Reflex", true));
    }
}
