//! `bare-writer FILE WRITERS APPENDS BYTES`: so many writers append rows of so many bytes, each waiting until its row is
//! on the disk. Prints appends per second, with one commit for whatever waits and with one for each row.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Instant;

use rusqlite::Connection;

type Error = Box<dyn std::error::Error + Send + Sync>;

/// A row, and where to say that it is on the disk.
type Row = (String, String, SyncSender<()>);

/// At most so many rows share a commit.
const GROUP: usize = 256;

fn main() -> Result<(), Error> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, writers, appends, bytes] = arguments.as_slice() else {
        return Err("usage: bare-writer FILE WRITERS APPENDS BYTES".into());
    };
    let (writers, appends, bytes) = (writers.parse()?, appends.parse()?, bytes.parse()?);
    let in_groups = measure(&format!("{file}-groups"), (writers, appends, bytes), GROUP)?;
    let alone = measure(&format!("{file}-alone"), (writers, appends / 10, bytes), 1)?;
    println!("{in_groups:.0} {alone:.0}");
    Ok(())
}

fn measure(file: &str, (writers, appends, bytes): (usize, usize, usize), group: usize) -> Result<f64, Error> {
    let database = Connection::open(file)?;
    database.pragma_update(None, "journal_mode", "wal")?;
    database.pragma_update(None, "synchronous", "full")?;
    database.execute_batch(
        "create table inbox (number integer primary key, key text not null unique, payload text not null)",
    )?;
    let (sender, rows) = sync_channel::<Row>(1_024);
    let payload = "x".repeat(bytes);
    let begin = Instant::now();
    std::thread::scope(|scope| {
        let written = scope.spawn(move || write(database, &rows, group));
        for writer in 0..writers {
            let (sender, payload) = (sender.clone(), payload.clone());
            scope.spawn(move || {
                for number in 0..appends / writers {
                    let (done, on_disk) = sync_channel(1);
                    let row = (format!("msg/T1/C1/{writer}.{number:09}"), payload.clone(), done);
                    if sender.send(row).is_err() || on_disk.recv().is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        written.join().map_err(|_| "the writer panicked")?
    })?;
    Ok((appends / writers * writers) as f64 / begin.elapsed().as_secs_f64())
}

fn write(mut database: Connection, rows: &Receiver<Row>, group: usize) -> Result<(), Error> {
    while let Ok(first) = rows.recv() {
        let mut waiting = vec![first];
        waiting.extend(rows.try_iter().take(group - 1));
        let transaction = database.transaction()?;
        {
            let mut insert = transaction.prepare_cached("insert into inbox (key, payload) values (?1, ?2)")?;
            for (key, payload, _) in &waiting {
                insert.execute((key, payload))?;
            }
        }
        transaction.commit()?;
        for (_, _, done) in waiting {
            done.send(())?;
        }
    }
    Ok(())
}
