-- Which way the app is reached, where it was changed since the seed.
create table record_with_transport (
    kind text not null check (kind in (
        'channel', 'counters', 'ephemeral', 'file', 'installation', 'message', 'outbox', 'person', 'response_url',
        'transport', 'usergroup', 'view'
    )),
    id   text not null,
    body text not null check (json_valid(body)),
    primary key (kind, id)
) strict, without rowid;

insert into record_with_transport (kind, id, body) select kind, id, body from record;
drop table record;
alter table record_with_transport rename to record;
