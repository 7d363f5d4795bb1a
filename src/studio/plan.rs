//! The plan of a studio's users, which decides who they are and whether they may export.
//!
//! What is documented of plans is little: a plan can block an export with 402, whatever the
//! credits; and an anonymous user who runs out of credits is sent to register, a registered
//! one to top up, told apart by how the user's id begins. Nothing else differs here: prices
//! and balances are the same, and exports need the three headers under each plan.

/// A plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Plan {
    /// Users without an account, who may export.
    #[default]
    Anonymous,
    /// Registered users whose plan does not hold exports: each is refused with 402.
    Free,
    /// Registered users who may export.
    Paid,
}

impl Plan {
    /// Returns every plan.
    pub const ALL: [Self; 3] = [Self::Anonymous, Self::Free, Self::Paid];

    /// Returns its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Free => "free",
            Self::Paid => "paid",
        }
    }

    /// Returns whether it holds exports.
    pub(crate) fn exports(self) -> bool {
        self != Self::Free
    }

    /// Returns the id under which a user is known outside. Inside it stays the same, so that
    /// a studio that is started with another plan finds everything again.
    pub(crate) fn user(self, id: &str) -> String {
        match (self, id.strip_prefix("anon_")) {
            (Self::Free | Self::Paid, Some(rest)) => format!("user_{rest}"),
            _ => id.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_anonymous_users_are_called_so() {
        assert_eq!(Plan::Anonymous.user("anon_1f"), "anon_1f");
        assert_eq!(Plan::Paid.user("anon_1f"), "user_1f");
        assert_eq!(Plan::Free.user("user_keeper"), "user_keeper");
        assert_eq!(Plan::ALL.map(Plan::exports), [true, false, true]);
    }
}
