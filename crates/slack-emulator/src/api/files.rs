//! `files.*`: the external upload, in its three steps.

mod upload;

use serde::Deserialize;
use serde_json::Value;

use super::call::Call;
use super::method::{Json, Method, Tier, Tokens};
use super::reply::{Answer, ApiError, and, one};
use crate::render;
use crate::workspace::{ChannelId, Draft, File, FileId, Refused, Subtype};

pub(super) use upload::receive;

/// The largest file, in bytes: what a request may carry.
const MAX_FILE: i64 = 1024 * 1024;

/// `files.*`
pub(super) const METHODS: &[Method] = &[
    Method {
        name: "files.getUploadURLExternal",
        tokens: Tokens::BotOrPerson,
        tier: Tier::Four,
        required: &["filename", "length"],
        scope: Some("files:write"),
        json: Json::Ignored,
        errors: &["file_upload_size_restricted"],
        run: |call| Box::pin(upload_url(call)),
    },
    Method {
        name: "files.completeUploadExternal",
        tokens: Tokens::BotOrPerson,
        tier: Tier::Four,
        required: &["files"],
        scope: Some("files:write"),
        json: Json::Taken,
        errors: &["file_not_found", "channel_not_found", "not_in_channel", "posting_to_channel_denied"],
        run: |call| Box::pin(complete(call)),
    },
];

async fn upload_url(call: Call) -> Answer {
    let name = call.required("filename")?.to_owned();
    let length = call.args.number("length").filter(|length| *length > 0);
    let length =
        length.ok_or_else(|| ApiError::invalid_arguments("[ERROR] length must be a positive number"))?;
    if length > MAX_FILE {
        return Err(ApiError::with(
            "file_upload_size_restricted",
            "The emulator takes files of up to 1 MiB.",
        ));
    }
    let user = call.user();
    let id = call
        .workspace()
        .commit(|tx| {
            let id = tx.next_file_id();
            let created = tx.next_ts();
            let size = usize::try_from(length).unwrap_or_default();
            tx.put_file(File {
                id: id.clone(),
                title: name.clone(),
                name,
                size,
                user,
                created,
                content: None,
            });
            Ok(id)
        })
        .await?;
    let link = format!("{}/upload/{id}", call.shared.base_url);
    Ok(and(one("upload_url", link), "file_id", &id))
}

#[derive(Deserialize)]
struct Wanted {
    id: FileId,
    title: Option<String>,
}

async fn complete(call: Call) -> Answer {
    let list = call.args.json("files", "invalid_arguments")?.unwrap_or(Value::Null);
    let wanted: Vec<Wanted> = serde_json::from_value(list)
        .map_err(|wrong| ApiError::invalid_arguments(format!("[ERROR] files cannot be read: {wrong}")))?;
    let user = call.user();
    let files = call
        .workspace()
        .commit(|tx| {
            let mut files = Vec::new();
            for one in wanted {
                let file = tx.state.file(&one.id).filter(|file| file.user == user && file.content.is_some());
                let mut file = file.cloned().ok_or(Refused::FileNotFound)?;
                file.title = one.title.unwrap_or(file.title);
                files.push(file);
            }
            files.iter().for_each(|file| tx.put_file(file.clone()));
            Ok(files)
        })
        .await?;
    if let Some(channel) = call.args.text("channel_id").or_else(|| call.args.text("channels")) {
        share(&call, &ChannelId::new(channel), &files).await?;
    }
    let shown: Vec<_> = files.iter().map(render::file).collect();
    Ok(one("files", shown))
}

async fn share(call: &Call, channel: &ChannelId, files: &[File]) -> Result<(), ApiError> {
    let draft = Draft {
        text: call.args.text("initial_comment").unwrap_or_default().to_owned(),
        thread_ts: call.args.ts("thread_ts", "invalid_arguments")?,
        files: files.iter().map(|file| file.id.clone()).collect(),
        subtype: Some(Subtype::FileShare),
        ..Draft::default()
    };
    let posted = call.workspace().post(&call.author(), channel, draft).await;
    posted.map(drop).map_err(|refused| match refused {
        Refused::ChannelNotFound | Refused::NotInChannel => refused.into(),
        other => ApiError::with("posting_to_channel_denied", other.to_string()),
    })
}
