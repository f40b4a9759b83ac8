//! wasmtime as it comes, for comparison: a pool, a fresh store, one typed call. No epochs, no timer, no limiter, and
//! imports that trap.

use stint_tests::ratio::Failure;
use wasmtime::component::{Component, InstancePre, Linker};
use wasmtime::{Config, Engine, InstanceAllocationStrategy, Store};

use self::exports::stint::plugin::uploader::{GuestIndices, Outcome};
use self::stint::plugin::types::{Custom, Item, Payload};

wasmtime::component::bindgen!({
    path: "../wit/stint-plugin-0.1",
    world: "target",
    exports: { default: async },
    with: { "stint:plugin/types.attachment": crate::sandbox::bare::Nothing },
});

/// What every resource is to a linker whose imports trap.
#[expect(unreachable_pub, reason = "the generated bindings re-export it")]
pub type Nothing = ();

/// A component and where it has its exports.
pub(crate) struct Bare {
    engine: Engine,
    component: InstancePre<()>,
    uploader: GuestIndices,
}

impl Bare {
    pub(crate) fn new(bytes: &[u8]) -> Result<Self, Failure> {
        let mut config = Config::new();
        config.concurrency_support(false).allocation_strategy(InstanceAllocationStrategy::pooling());
        let engine = Engine::new(&config)?;
        let component = Component::from_binary(&engine, bytes)?;
        let mut linker = Linker::new(&engine);
        linker
            .instance("stint:plugin/settings@0.1.0")?
            .func_wrap("json", |_, ()| Ok((String::from("{}"),)))?;
        linker.define_unknown_imports_as_traps(&component)?;
        let component = linker.instantiate_pre(&component)?;
        let uploader = GuestIndices::new(&component)?;
        Ok(Self { engine, component, uploader })
    }

    /// Has the plugin deliver one item.
    pub(crate) async fn upload(&self) -> Result<(), Failure> {
        let mut store = Store::new(&self.engine, ());
        let instance = self.component.instantiate_async(&mut store).await?;
        let guest = self.uploader.load(&mut store, &instance)?;
        match guest.call_upload(&mut store, &[item()]).await?.as_slice() {
            [Outcome::Delivered(Some(_))] => Ok(()),
            _ => Err("the item was not delivered".into()),
        }
    }
}

fn item() -> Item {
    Item {
        id: "0190b3a4-7c00-7000-8000-000000000001".into(),
        key: "5f9c8a52-0d3c-5b0e-9a53-9df0a1f4f2d1".into(),
        entry_key: None,
        entry_remote_id: None,
        occurred_at: 0,
        attempt: 1,
        priority: 0,
        labels: Vec::new(),
        payload: Payload::Custom(Custom { kind: "note".into(), data: "{}".into() }),
    }
}
