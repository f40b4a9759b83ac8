//! How much one call may use. Every bound of the contract is a number here.

use std::time::Duration;

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

/// The bounds of one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Memory of the sandbox: all its memories and tables together.
    pub memory_bytes: usize,
    /// Time on the processor, not counting what the host does for it.
    pub cpu: Duration,
    /// The whole call, waiting included.
    pub call: Duration,
    /// One request to the network.
    pub request: Duration,
    /// Requests in one call.
    pub http_requests: u32,
    /// Bytes sent in one call, and the same again received.
    pub http_bytes: u64,
    /// Bytes of one response.
    pub response_bytes: u64,
    /// Lines of log in one call.
    pub log_lines: usize,
    /// Bytes of log in one call.
    pub log_bytes: usize,
    /// Bytes of state of one plugin and target, keys and values together.
    pub state_bytes: u64,
    /// Bytes of files written in one call.
    pub file_bytes: u64,
    /// Pixels worked on in one call, each as often as it is.
    pub pixels_touched: u64,
    /// Pixels of all the pictures that are open at one time.
    pub pixels_held: u64,
    /// Bytes that one call of an import may bring along, or that may come back from the plugin.
    pub transfer_bytes: usize,
    /// Handles to attachments and pictures open at one time.
    pub handles: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_bytes: 64 * MIB,
            cpu: Duration::from_secs(5),
            call: Duration::from_mins(4),
            request: Duration::from_mins(2),
            http_requests: 200,
            http_bytes: 64 * MIB as u64,
            response_bytes: 8 * MIB as u64,
            log_lines: 200,
            log_bytes: 256 * KIB,
            state_bytes: MIB as u64,
            file_bytes: 256 * MIB as u64,
            pixels_touched: 1 << 30,
            pixels_held: 1 << 25,
            transfer_bytes: 8 * MIB,
            handles: 1024,
        }
    }
}
