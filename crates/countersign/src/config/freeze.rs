//! Freezes of the calendar.

use countersign_core::ids::LockKey;
use countersign_core::policy::{Frozen, When, Window};
use jiff::civil::{DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use toml::Spanned;

use super::Config;
use super::error::ConfigError;
use super::file::FreezeWindow;

/// A time as it is written: of the calendar, or of every week.
enum Moment {
    Once(DateTime),
    Weekly(Weekday, Time),
}

impl Config {
    /// The windows of the calendar; what is wrong with them goes to `errors`.
    pub(super) fn calendar(&self, errors: &mut Vec<ConfigError>) -> Vec<Window> {
        let mut windows = Vec::new();
        for window in &self.file.freeze {
            match self.window(window) {
                Ok(window) => windows.push(window),
                Err(error) => errors.push(error),
            }
        }
        windows
    }

    fn window(&self, window: &FreezeWindow) -> Result<Window, ConfigError> {
        let zone = self.zone(window.zone.as_ref())?;
        let when = match (self.moment(&window.from)?, self.moment(&window.until)?) {
            (Moment::Once(from), Moment::Once(until)) if from < until => {
                let at = |moment: DateTime| moment.to_zoned(zone.clone()).map(|zoned| zoned.timestamp());
                match (at(from), at(until)) {
                    (Ok(from), Ok(until)) => When::Once { from, until },
                    _ => return Err(self.at(&window.from, "This time is beyond the calendar.")),
                }
            }
            (Moment::Weekly(from, at), Moment::Weekly(until, end)) => {
                When::Weekly { from: (from, at), until: (until, end), zone }
            }
            (Moment::Once(_), Moment::Once(_)) => {
                return Err(self
                    .at(&window.until, "A freeze ends after it begins: bring `from` and `until` in order."));
            }
            _ => {
                return Err(self.at(
                    &window.until,
                    "Write `from` and `until` alike: two days of the calendar, or two days of the week.",
                ));
            }
        };
        let what = window.what.iter().map(|what| match what.as_str() {
            "*" => Frozen::Everything,
            lock => Frozen::Lock(LockKey::new(lock)),
        });
        Ok(Window { what: what.collect(), when, reason: window.reason.clone(), others: window.others })
    }

    fn zone(&self, zone: Option<&Spanned<String>>) -> Result<TimeZone, ConfigError> {
        let Some(zone) = zone else { return Ok(TimeZone::UTC) };
        TimeZone::get(zone.get_ref()).map_err(|_| {
            let name = zone.get_ref();
            self.at(zone, format!("This machine knows no time zone `{name}`; write one like Europe/Berlin, or leave it out for UTC."))
        })
    }

    fn moment(&self, text: &Spanned<String>) -> Result<Moment, ConfigError> {
        let written = text.get_ref().trim();
        if let Ok(moment) = written.parse::<DateTime>() {
            return Ok(Moment::Once(moment));
        }
        let weekly = written
            .split_once(' ')
            .and_then(|(day, time)| Some(Moment::Weekly(weekday(day)?, time.trim().parse().ok()?)));
        weekly.ok_or_else(|| {
            self.at(
                text,
                format!("`{written}` is no such time: write 2026-12-20 00:00, or Fri 16:00 for every week."),
            )
        })
    }
}

fn weekday(text: &str) -> Option<Weekday> {
    let days = [
        (Weekday::Monday, "monday"),
        (Weekday::Tuesday, "tuesday"),
        (Weekday::Wednesday, "wednesday"),
        (Weekday::Thursday, "thursday"),
        (Weekday::Friday, "friday"),
        (Weekday::Saturday, "saturday"),
        (Weekday::Sunday, "sunday"),
    ];
    let text = text.to_lowercase();
    let named = |name: &str| name == text || (text.len() == 3 && name.starts_with(&text));
    days.into_iter().find(|(_, name)| named(name)).map(|(day, _)| day)
}
