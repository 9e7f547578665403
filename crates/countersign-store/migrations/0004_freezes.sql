-- What is frozen by hand, one row for each thing. `what` and `body` are JSON.
create table freezes (
    what  text primary key,
    until integer not null,
    body  text not null
) strict, without rowid;
