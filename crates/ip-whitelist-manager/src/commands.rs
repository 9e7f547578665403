//! The sentences: `whitelist add`, `remove`, `extend`, `list`, `mine`, `sync`, and `add my ip`.
//!
//! Each is a [`Service`]: it plans without changing anything, and applies exactly what was planned. The argument names
//! are `ip`, `description`, `environment` and `duration`.

mod add;
mod extend;
mod list;
mod my_ip;
mod office;
mod remove;
mod sync;
mod table;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use countersign_runbooks::service::Service;

pub use office::{MOST_PER_PERSON, Office};

/// Every command by the name that a configuration's `runbook` key gives: `whitelist.add`.
pub fn services(office: &Office) -> BTreeMap<&'static str, Arc<dyn Service>> {
    let office = Arc::new(office.clone());
    let all: [(&'static str, Arc<dyn Service>); 7] = [
        ("whitelist.add", Arc::new(add::Add(Arc::clone(&office)))),
        ("whitelist.remove", Arc::new(remove::Remove(Arc::clone(&office)))),
        ("whitelist.extend", Arc::new(extend::Extend(Arc::clone(&office)))),
        ("whitelist.list", Arc::new(list::List(Arc::clone(&office)))),
        ("whitelist.mine", Arc::new(list::Mine(Arc::clone(&office)))),
        ("whitelist.sync", Arc::new(sync::Sync(office))),
        ("whitelist.my-ip", Arc::new(my_ip::MyIp)),
    ];
    BTreeMap::from(all)
}

#[cfg(test)]
mod tests;
