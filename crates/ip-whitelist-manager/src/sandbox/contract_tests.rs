use std::sync::Arc;

use async_trait::async_trait;

use super::{SandboxFirewall, SandboxTable};
use crate::contract::firewall::{Others, Site, a_call_is_done_whole_or_not_at_all};
use crate::domain::{Cidr, Environment, Group, GroupId, Port};

crate::table_contract!(async || (SandboxTable::default(), ()));
crate::firewall_contract!(async || (site(), ()));

#[tokio::test]
async fn a_call_is_whole() {
    a_call_is_done_whole_or_not_at_all(Arc::new(site())).await;
}

struct ByHand(Arc<SandboxFirewall>);

#[async_trait]
impl Others for ByHand {
    async fn add_rule(&self, group: &GroupId, place: (Cidr, Port)) {
        self.0.add_foreign(group, place).unwrap();
    }

    async fn delete_group(&self, group: &GroupId) {
        self.0.delete_group(group);
    }
}

fn site() -> Site {
    let firewall = Arc::new(SandboxFirewall::default());
    let groups = [("sg-1", &["dev"][..]), ("sg-2", &["dev", "staging"])].map(|(id, environments)| {
        let id = GroupId::new(id);
        firewall.add_group(Group {
            id: id.clone(),
            name: "web".to_owned(),
            environments: environments.iter().map(|name| Environment::new(*name)).collect(),
            ports: [443].into(),
            family: None,
            limit: 60,
        });
        id
    });
    Site { firewall: Arc::clone(&firewall) as _, groups, others: Arc::new(ByHand(firewall)) }
}
