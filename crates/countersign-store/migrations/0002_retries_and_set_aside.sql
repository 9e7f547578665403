-- What the transport said about a delivery that was not its first.
alter table inbox add column retry integer check (retry > 0);
alter table inbox add column retry_reason text;

-- A delivery that nobody knew what to do with: done, but with its payload.
alter table inbox add column set_aside integer not null default 0 check (set_aside in (0, 1));

create index inbox_set_aside on inbox (number) where set_aside = 1;
