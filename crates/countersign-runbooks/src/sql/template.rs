use serde_json::Value;

/// How much of an argument a sentence shows, in characters.
const MAX_CHARS: usize = 200;

/// A sentence with `{name}` in place of arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Template(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Argument(String),
}

/// Why a text is no template.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum TemplateError {
    #[error("a `{{` has no `}}`")]
    Open,
    #[error("`{{{0}}}` is no argument of this command")]
    Unknown(String),
}

impl Template {
    /// Reads a template whose arguments are all among `known`.
    ///
    /// # Errors
    /// Why it cannot be used, as the end of the sentence "`done`: …".
    pub(super) fn parse(text: &str, known: &[String]) -> Result<Self, TemplateError> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('{') {
            let (name, after) = behind.split_once('}').ok_or(TemplateError::Open)?;
            if !known.iter().any(|known| known == name) {
                return Err(TemplateError::Unknown(name.to_owned()));
            }
            parts.push(Part::Text(before.to_owned()));
            parts.push(Part::Argument(name.to_owned()));
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        Ok(Self(parts))
    }

    /// The sentence with the values of `args`, a JSON object by name. It is plain text: escape it on output.
    pub(super) fn fill(&self, args: &Value) -> String {
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Argument(name) => shown(args.get(name)),
        };
        self.0.iter().map(part).collect()
    }
}

fn shown(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "nothing".to_owned(),
        Some(Value::String(text)) if text.chars().count() > MAX_CHARS => {
            text.chars().take(MAX_CHARS).chain(['…']).collect()
        }
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(text: &str) -> Result<Template, TemplateError> {
        Template::parse(text, &["name".to_owned(), "days".to_owned()])
    }

    #[test]
    fn arguments_stand_in_their_places() {
        let template = parse("{name} has {days} days, {name}.").unwrap();
        assert_eq!(template.fill(&json!({"name": "{days}", "days": 3})), "{days} has 3 days, {days}.");
        assert_eq!(template.fill(&json!({"days": true})), "nothing has true days, nothing.");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert_eq!(parse("{nobody}"), Err(TemplateError::Unknown("nobody".to_owned())));
        assert_eq!(parse("{name} {days"), Err(TemplateError::Open));
    }

    #[test]
    fn a_long_argument_is_cut() {
        let filled = parse("{name}").unwrap().fill(&json!({"name": "ü".repeat(300)}));
        assert_eq!(filled.chars().count(), MAX_CHARS + 1);
    }
}
