-- One row for each operation. `number` is the order in which they began.
create table operations (
    number  integer primary key,
    id      text not null unique,
    key     text not null unique,
    channel text not null,
    open    integer not null check (open in (0, 1))
) strict;

create index operations_open on operations (number) where open = 1;

-- The records of the audit chain, never updated and never deleted. `body` is the event as JSON.
create table events (
    operation text not null references operations (id),
    seq       integer not null check (seq > 0),
    at        text not null,
    body      text not null,
    prev      text not null,
    hash      text not null,
    primary key (operation, seq)
) strict, without rowid;

-- The chat messages that lead to an operation: its request and its card.
create table messages (
    channel   text not null,
    message   text not null,
    operation text not null references operations (id),
    primary key (channel, message)
) strict, without rowid;

-- What was received. A delivery that is done leaves its key behind and nothing else.
create table inbox (
    number      integer primary key,
    key         text not null unique,
    kind        text not null,
    payload     text not null,
    received_at text not null,
    done        integer not null check (done in (0, 1))
) strict;

create index inbox_waiting on inbox (number) where done = 0;
