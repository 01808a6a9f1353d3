//! Adding records up: who served what.

use std::collections::HashMap;

use sketches_ddsketch::{Config, DDSketch};

use super::lines::Sink;
use super::record::{Record, profile_of};

/// Which records count, and how they are cut in time. Times are milliseconds since 1970.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    /// The first moment that counts.
    pub since: i64,
    /// The first moment that counts no more.
    pub until: i64,
    /// The length of a time bucket in milliseconds.
    pub bucket: i64,
}

impl Default for Window {
    fn default() -> Self {
        Self {
            since: i64::MIN,
            until: i64::MAX,
            bucket: 300_000,
        }
    }
}

/// What rows are told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    /// The Region that served.
    ServingRegion,
    /// The Region that was called.
    SourceRegion,
    /// The profile or model that was called.
    Profile,
    /// The time bucket.
    Time,
    /// The error of failed calls.
    ErrorCode,
}

impl Dimension {
    /// All, in the order of a row's key.
    pub const ALL: [Self; 5] = [
        Self::ServingRegion,
        Self::SourceRegion,
        Self::Profile,
        Self::Time,
        Self::ErrorCode,
    ];

    /// The name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ServingRegion => "serving_region",
            Self::SourceRegion => "source_region",
            Self::Profile => "profile",
            Self::Time => "time",
            Self::ErrorCode => "error_code",
        }
    }
}

/// One row of a report.
#[derive(Clone)]
pub struct Row {
    /// The Region that served; empty if rows are not told apart by it. The same holds for the other names.
    pub serving_region: String,
    /// The Region that was called.
    pub source_region: String,
    /// The profile or model that was called.
    pub profile: String,
    /// When the time bucket begins, in milliseconds since 1970.
    pub time: i64,
    /// The error of failed calls; empty for calls that were answered.
    pub error_code: String,
    /// What was added up.
    pub sums: Sums,
}

/// What is added up of some calls.
#[derive(Clone)]
pub struct Sums {
    /// Calls, answered or not.
    pub calls: u64,
    /// Calls that failed.
    pub errors: u64,
    /// Calls that another Region than the called one served.
    pub rerouted: u64,
    /// Tokens of prompts that came from no cache.
    pub input_tokens: f64,
    /// Tokens of answers.
    pub output_tokens: f64,
    /// Tokens read from the prompt cache.
    pub cache_read_tokens: f64,
    /// Tokens written to the prompt cache.
    pub cache_write_tokens: f64,
    latency: DDSketch,
    first_byte_latency: DDSketch,
}

impl Default for Sums {
    fn default() -> Self {
        let sketch = DDSketch::new(Config::defaults());
        Self {
            calls: 0,
            errors: 0,
            rerouted: 0,
            input_tokens: 0.0,
            output_tokens: 0.0,
            cache_read_tokens: 0.0,
            cache_write_tokens: 0.0,
            latency: sketch.clone(),
            first_byte_latency: sketch,
        }
    }
}

impl Sums {
    /// A quantile of the latency to the last token in milliseconds, within one per cent; `None` if no record had one.
    #[must_use]
    pub fn latency(&self, quantile: f64) -> Option<f64> {
        self.latency.quantile(quantile).ok().flatten()
    }

    /// A quantile of the latency to the first token, likewise.
    #[must_use]
    pub fn first_byte_latency(&self, quantile: f64) -> Option<f64> {
        self.first_byte_latency.quantile(quantile).ok().flatten()
    }

    fn add(&mut self, record: &Record<'_>, calls: u64) {
        self.calls += calls;
        self.errors += if record.error_code.is_some() {
            calls
        } else {
            0
        };
        self.rerouted += if record.is_rerouted() { calls } else { 0 };
        self.input_tokens += record.input_tokens.unwrap_or(0.0);
        self.output_tokens += record.output_tokens.unwrap_or(0.0);
        self.cache_read_tokens += record.cache_read_tokens.unwrap_or(0.0);
        self.cache_write_tokens += record.cache_write_tokens.unwrap_or(0.0);
        for (sketch, value) in [
            (&mut self.latency, record.latency),
            (&mut self.first_byte_latency, record.first_byte_latency),
        ] {
            if let Some(value) = value.filter(|value| value.is_finite() && *value >= 0.0) {
                for _ in 0..calls {
                    sketch.add(value);
                }
            }
        }
    }

    fn merge(&mut self, other: &Self) {
        self.calls += other.calls;
        self.errors += other.errors;
        self.rerouted += other.rerouted;
        self.input_tokens += other.input_tokens;
        self.output_tokens += other.output_tokens;
        self.cache_read_tokens += other.cache_read_tokens;
        self.cache_write_tokens += other.cache_write_tokens;
        // Sketches of one configuration always merge.
        let merged = self
            .latency
            .merge(&other.latency)
            .and(self.first_byte_latency.merge(&other.first_byte_latency));
        debug_assert!(merged.is_ok(), "sketches differ in configuration");
    }
}

/// Names as small numbers: a name is looked up for each record, and kept once.
#[derive(Debug, Default)]
struct Names {
    numbers: HashMap<String, u32>,
    names: Vec<String>,
}

impl Names {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(&number) = self.numbers.get(name) {
            return number;
        }
        let number =
            u32::try_from(self.names.len()).expect("no log has four thousand million names");
        self.numbers.insert(name.to_owned(), number);
        self.names.push(name.to_owned());
        number
    }

    fn name(&self, number: u32) -> String {
        self.names[number as usize].clone()
    }
}

/// Serving Region, source Region, profile, error code (as numbers of names) and time bucket.
type Key = (u32, u32, u32, u32, i64);

/// Records added up by serving Region, source Region, profile, error and time. Its size depends on how many of these
/// there are, not on how many records.
#[derive(Default)]
pub struct Table {
    window: Window,
    names: Names,
    groups: HashMap<Key, Sums>,
    records: u64,
    malformed: u64,
    outside: u64,
    bytes: u64,
}

impl Sink for Table {
    fn line(&mut self, line: &[u8]) {
        self.add_line(line);
    }

    fn overlong(&mut self) {
        self.count_malformed();
    }
}

impl Table {
    /// An empty table.
    #[must_use]
    pub fn new(window: Window) -> Self {
        Self {
            window: Window {
                bucket: window.bucket.max(1),
                ..window
            },
            ..Self::default()
        }
    }

    /// Adds one line of a log. White space is passed over; what is no record is counted.
    pub fn add_line(&mut self, line: &[u8]) {
        self.bytes += line.len() as u64;
        match Record::parse(line) {
            Some(record) => self.add(&record),
            None if line.trim_ascii().is_empty() => {}
            None => self.malformed += 1,
        }
    }

    /// Adds one record. One without a time counts only if nothing limits the time.
    pub fn add(&mut self, record: &Record<'_>) {
        self.add_calls(record, 1);
    }

    /// Adds some calls that agree in everything but tokens: those of `record` are of all of them together.
    pub fn add_calls(&mut self, record: &Record<'_>, calls: u64) {
        let Window {
            since,
            until,
            bucket,
        } = self.window;
        let time = match record.timestamp {
            Some(time) if (since..until).contains(&time) => time,
            None if since == i64::MIN && until == i64::MAX => 0,
            _ => {
                self.outside += calls;
                return;
            }
        };
        self.records += calls;
        let key = (
            self.names.number(record.serving_region()),
            self.names
                .number(record.region.as_deref().unwrap_or("unknown")),
            self.names
                .number(profile_of(record.model_id.as_deref().unwrap_or("unknown"))),
            self.names
                .number(record.error_code.as_deref().unwrap_or_default()),
            time - time.rem_euclid(bucket),
        );
        self.groups.entry(key).or_default().add(record, calls);
    }

    /// Counts a line that could not be read.
    pub(super) fn count_malformed(&mut self) {
        self.malformed += 1;
    }

    /// Records that were added.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.records
    }

    /// Lines that are no records.
    #[must_use]
    pub fn malformed(&self) -> u64 {
        self.malformed
    }

    /// Records outside the window of time.
    #[must_use]
    pub fn outside(&self) -> u64 {
        self.outside
    }

    /// Bytes of lines that were looked at.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The rows told apart by some dimensions, sorted by them; all of them together for none.
    #[must_use]
    pub fn rows(&self, by: &[Dimension]) -> Vec<Row> {
        let mut merged: HashMap<Key, Sums> = HashMap::new();
        for (&(serving, source, profile, error, time), sums) in &self.groups {
            let keep = |dimension: Dimension, number: u32| {
                if by.contains(&dimension) {
                    number
                } else {
                    u32::MAX
                }
            };
            let key = (
                keep(Dimension::ServingRegion, serving),
                keep(Dimension::SourceRegion, source),
                keep(Dimension::Profile, profile),
                keep(Dimension::ErrorCode, error),
                if by.contains(&Dimension::Time) {
                    time
                } else {
                    0
                },
            );
            merged.entry(key).or_default().merge(sums);
        }
        let name = |number: u32| {
            if number == u32::MAX {
                String::new()
            } else {
                self.names.name(number)
            }
        };
        let mut rows: Vec<Row> = merged
            .into_iter()
            .map(|((serving, source, profile, error, time), sums)| Row {
                serving_region: name(serving),
                source_region: name(source),
                profile: name(profile),
                time,
                error_code: name(error),
                sums,
            })
            .collect();
        rows.sort_by(|a, b| {
            (
                a.time,
                &a.serving_region,
                &a.source_region,
                &a.profile,
                &a.error_code,
            )
                .cmp(&(
                    b.time,
                    &b.serving_region,
                    &b.source_region,
                    &b.profile,
                    &b.error_code,
                ))
        });
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::{Dimension, Table, Window};

    fn line(
        minute: u32,
        region: &str,
        served: &str,
        model: &str,
        latency: u32,
        error: &str,
    ) -> String {
        let served = if served.is_empty() {
            String::new()
        } else {
            format!(r#","inferenceRegion":"{served}""#)
        };
        let error = if error.is_empty() {
            String::new()
        } else {
            format!(r#","errorCode":"{error}""#)
        };
        format!(
            r#"{{"timestamp":"2026-04-02T10:{minute:02}:00Z","region":"{region}","modelId":"{model}","input":{{"inputTokenCount":10}},"output":{{"outputTokenCount":20,"outputBodyJson":{{"metrics":{{"latencyMs":{latency}}}}}}}{served}{error}}}"#
        )
    }

    fn table() -> Table {
        let mut table = Table::new(Window {
            bucket: 600_000,
            ..Window::default()
        });
        table.add_line(line(1, "us-east-1", "", "us.m", 100, "").as_bytes());
        table.add_line(line(2, "us-east-1", "us-east-1", "us.m", 200, "").as_bytes());
        table.add_line(
            line(
                12,
                "us-east-1",
                "us-west-2",
                "arn:aws:bedrock:us-east-1:1:inference-profile/us.m",
                300,
                "",
            )
            .as_bytes(),
        );
        table.add_line(line(13, "us-east-1", "", "us.m", 1, "ThrottlingException").as_bytes());
        table
    }

    #[test]
    fn adds_up_by_what_is_asked() {
        let table = table();
        let all = table.rows(&[]);
        assert_eq!(all.len(), 1);
        assert_eq!(
            (all[0].sums.calls, all[0].sums.errors, all[0].sums.rerouted),
            (4, 1, 1)
        );
        assert!((all[0].sums.input_tokens - 40.0).abs() < f64::EPSILON);
        let regions = table.rows(&[Dimension::ServingRegion]);
        let found: Vec<_> = regions
            .iter()
            .map(|row| (row.serving_region.as_str(), row.sums.calls))
            .collect();
        assert_eq!(found, [("us-east-1", 3), ("us-west-2", 1)]);
        assert_eq!(table.rows(&[Dimension::Profile]).len(), 1);
        assert_eq!(table.rows(&[Dimension::Time]).len(), 2);
        assert_eq!(
            table
                .rows(&[Dimension::ErrorCode])
                .iter()
                .map(|row| row.sums.calls)
                .collect::<Vec<_>>(),
            [3, 1]
        );
        assert_eq!(table.rows(&Dimension::ALL).len(), 3);
    }

    #[test]
    fn quantiles_are_right_within_one_per_cent() {
        let mut table = Table::default();
        for latency in 1..=1000 {
            table.add_line(line(1, "a", "", "m", latency, "").as_bytes());
        }
        let sums = &table.rows(&[])[0].sums;
        for (quantile, expected) in [(0.5, 500.0), (0.95, 950.0), (0.99, 990.0)] {
            let found = sums.latency(quantile).expect("there are latencies");
            assert!(
                (found / expected - 1.0).abs() < 0.015,
                "{quantile}: {found}"
            );
        }
        assert_eq!(sums.first_byte_latency(0.5), None);
    }

    #[test]
    fn a_window_lets_in_its_beginning_and_not_its_end() {
        let at = |minute: i64| 1_775_124_000_000 + minute * 60_000; // 2026-04-02T10:00:00Z
        let mut table = Table::new(Window {
            since: at(1),
            until: at(3),
            bucket: 60_000,
        });
        for minute in 0..5 {
            table.add_line(line(minute, "a", "", "m", 1, "").as_bytes());
        }
        table.add_line(b"{}");
        table.add_line(b"nonsense");
        table.add_line(b"  ");
        assert_eq!(
            (table.records(), table.outside(), table.malformed()),
            (2, 4, 1)
        );
    }
}
