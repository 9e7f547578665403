-- When an operation must be looked at again (milliseconds since 1970, UTC).
alter table operations add column due integer;

create index operations_due on operations (due) where due is not null;

-- Has the end of its chain moved since a checkpoint sealed it?
alter table operations add column unsealed integer not null default 1 check (unsealed in (0, 1));

create index operations_unsealed on operations (number) where unsealed = 1;

-- What was open before this is looked at by the next start.
update operations set due = 0 where open = 1;

-- Operations that wait for a lock, or have it: the smallest number of each lock does.
create table lines (
    number    integer primary key,
    lock      text not null,
    operation text not null unique references operations (id)
) strict;

create index lines_lock on lines (lock, number);

-- The chain over the chains, never updated and never deleted. `body` is the checkpoint as JSON.
create table checkpoints (
    number integer primary key,
    body   text not null,
    hash   text not null
) strict;
