-- Everything that happened in the workspace, one row per thing. People, the app and the channels' first members are
-- not here: they come from the seed at each start.
create table record (
    kind text not null check (kind in (
        'channel', 'counters', 'ephemeral', 'file', 'message', 'outbox', 'response_url', 'view'
    )),
    id   text not null,
    body text not null check (json_valid(body)),
    primary key (kind, id)
) strict, without rowid;
