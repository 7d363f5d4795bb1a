//! The configuration in the words of the two rooms that make videos: studio and client.

use std::net::Ipv4Addr;
use std::path::Path;
use std::time::Duration;

use crate::cli::config::{Backend, Config, Origin};
use crate::client::{self, Delays, profile};
use crate::clock::Clock;
use crate::studio::chaos::Chaos;
use crate::studio::{self, Films, Limits, Plan};

/// Any number does; one that stays makes two studios agree.
pub(super) const SEED: u64 = 7;
/// The studio inside this program is asked often how far a render is: it costs nothing.
const STUDIO_POLL_FIRST: Duration = Duration::from_millis(200);
const STUDIO_POLL_MAX: Duration = Duration::from_secs(1);

impl Config {
    /// Returns the settings of the studio inside this program: a free port, nobody but us.
    pub(super) fn studio(&self) -> studio::Config {
        studio::Config {
            home: self.homes.studio(),
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            credits: studio::CREDITS_DEFAULT,
            seed: SEED,
            faithful_delays: false,
            films: Films::Composed,
            chaos: Chaos::none(),
            log: None,
            plan: Plan::default(),
            limits: Limits::usual(),
            token: None,
            clock: Clock::System,
        }
    }

    /// Returns the settings of a client of the backend at `base`. What identifies us to the
    /// studio has a folder of its own: it never meets the cloud's.
    pub(super) fn client(&self, base: String) -> client::Config {
        let embedded = self.backend.value == Backend::Studio;
        let usual = Delays::default();
        let delays = if embedded {
            Delays { poll_first: STUDIO_POLL_FIRST, poll_max: STUDIO_POLL_MAX, ..usual }
        } else {
            usual
        };
        client::Config {
            web: self.web(&base),
            base,
            config_dir: if embedded { self.homes.identity() } else { self.homes.nemovideo.clone() },
            token: self.token.clone().filter(|_| !embedded),
            client_id: self.client_id.clone().filter(|_| !embedded),
            profile: self.profile.clone(),
            platform: self.platform(),
            clock: Clock::System,
            delays: self.delays.over(delays),
        }
    }

    /// The site whose links open a project: the cloud's own, and that of others on themselves.
    fn web(&self, base: &str) -> String {
        let cloud = self.backend.value == Backend::Nemo || self.nemo_web.from != Origin::Default;
        if cloud { self.nemo_web.value.clone() } else { base.to_owned() }
    }

    /// Where the skill is installed: beside its document, else where this program is.
    fn platform(&self) -> String {
        let program = std::env::current_exe().unwrap_or_default();
        let installed_at = self.skill_file.as_deref().unwrap_or(&program);
        let absolute = std::path::absolute(installed_at);
        let absolute = absolute.as_deref().unwrap_or(Path::new(""));
        profile::platform(self.skill_source.as_deref(), absolute)
    }
}
