//! Finding an element in blocks, and saying what a person entered in it, in Slack's words.

use serde_json::{Map, Value, json};

/// An element and the block that it stands in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<'a> {
    pub(super) block_id: &'a str,
    pub(super) element: &'a Value,
}

/// All elements of some blocks that a person can use.
pub(super) fn elements(blocks: &[Value]) -> impl Iterator<Item = Found<'_>> {
    blocks.iter().flat_map(|block| {
        let block_id = block.get("block_id").and_then(Value::as_str).unwrap_or_default();
        let many = block.get("elements").and_then(Value::as_array).into_iter().flatten();
        let one = ["accessory", "element"].into_iter().filter_map(|key| block.get(key));
        many.chain(one)
            .filter(|element| element.get("action_id").is_some())
            .map(move |element| Found { block_id, element })
    })
}

impl Found<'_> {
    pub(super) fn action_id(&self) -> &str {
        self.text("action_id")
    }

    pub(super) fn kind(&self) -> &str {
        self.text("type")
    }

    pub(super) fn text(&self, key: &str) -> &str {
        self.element.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    /// What the element says when `value` was entered or chosen; `None` if the value does not fit. An object with a
    /// `type` is taken as it is.
    pub(super) fn value_object(&self, value: &Value) -> Option<Map<String, Value>> {
        if let Value::Object(map) = value
            && map.contains_key("type")
        {
            return Some(map.clone());
        }
        let mut map = Map::new();
        map.insert("type".into(), json!(self.kind()));
        let (key, content) = self.entered(value)?;
        map.insert(key.into(), content);
        Some(map)
    }

    fn entered(&self, value: &Value) -> Option<(&'static str, Value)> {
        let text = || value.as_str().map(|text| json!(text));
        let texts = || value.as_array().map(|values| json!(values));
        Some(match self.kind() {
            "plain_text_input" | "number_input" | "email_text_input" | "url_text_input" => {
                ("value", if value.is_number() { json!(value.to_string()) } else { text()? })
            }
            "static_select" | "radio_buttons" | "overflow" | "external_select" => {
                ("selected_option", self.option(value.as_str()?)?)
            }
            "multi_static_select" | "checkboxes" | "multi_external_select" => {
                let chosen: Option<Vec<_>> =
                    value.as_array()?.iter().map(|value| self.option(value.as_str()?)).collect();
                ("selected_options", json!(chosen?))
            }
            "users_select" => ("selected_user", text()?),
            "multi_users_select" => ("selected_users", texts()?),
            "channels_select" => ("selected_channel", text()?),
            "multi_channels_select" => ("selected_channels", texts()?),
            "conversations_select" => ("selected_conversation", text()?),
            "multi_conversations_select" => ("selected_conversations", texts()?),
            "datepicker" => ("selected_date", text()?),
            "timepicker" => ("selected_time", text()?),
            "datetimepicker" => ("selected_date_time", json!(value.as_i64()?)),
            _ => return None,
        })
    }

    /// What the element holds before the person touches it.
    pub(super) fn initial(&self) -> Option<Map<String, Value>> {
        const INITIAL: [(&str, &str); 12] = [
            ("initial_value", "value"),
            ("initial_option", "selected_option"),
            ("initial_options", "selected_options"),
            ("initial_user", "selected_user"),
            ("initial_users", "selected_users"),
            ("initial_channel", "selected_channel"),
            ("initial_channels", "selected_channels"),
            ("initial_conversation", "selected_conversation"),
            ("initial_conversations", "selected_conversations"),
            ("initial_date", "selected_date"),
            ("initial_time", "selected_time"),
            ("initial_date_time", "selected_date_time"),
        ];
        let (value, key) = INITIAL.iter().find_map(|(from, to)| Some((self.element.get(*from)?, *to)))?;
        let mut map = Map::new();
        map.insert("type".into(), json!(self.kind()));
        map.insert(key.into(), value.clone());
        Some(map)
    }

    fn option(&self, value: &str) -> Option<Value> {
        let groups = self.element.get("option_groups").and_then(Value::as_array).into_iter().flatten();
        let grouped = groups.filter_map(|group| group.get("options")?.as_array()).flatten();
        let plain = self.element.get("options").and_then(Value::as_array).into_iter().flatten();
        plain
            .chain(grouped)
            .find(|option| option.get("value").and_then(Value::as_str) == Some(value))
            .cloned()
    }
}
