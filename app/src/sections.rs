//! The one place that lists all sections.

use domain::fields::Registry;

use crate::clients;

pub fn registry() -> Registry {
    Registry { sections: vec![clients::section()] }
}
