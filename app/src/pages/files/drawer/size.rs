//! How wide the drawer is: its edge is dragged, or moved by the arrow keys.

use leptos::{ev, prelude::*};

use super::Scene;
use crate::words::drawer;

/// The width without a wish.
const USUAL: i32 = 420;
/// The least and the most.
const BOUNDS: (i32, i32) = (320, 720);
/// What an arrow key moves by.
const STEP: i32 = 20;
#[cfg(feature = "hydrate")]
/// The place in the browser's storage.
const KEPT: &str = "hako.drawer";

fn within(width: i32) -> i32 {
    width.clamp(BOUNDS.0, BOUNDS.1)
}

/// Gives the drawer the width that it had in this browser.
#[cfg(feature = "hydrate")]
pub(super) fn remembered(scene: Scene) {
    let kept = crate::browser::remembered(KEPT).and_then(|text| text.parse().ok());
    scene.width.set(kept.map(within));
}

fn set(scene: Scene, width: i32) {
    let width = within(width);
    scene.width.set(Some(width));
    #[cfg(feature = "hydrate")]
    crate::browser::remember(KEPT, &width.to_string());
}

/// The edge.
#[component]
pub(super) fn Grip(scene: Scene) -> impl IntoView {
    let now = move || scene.width.get().unwrap_or(USUAL);
    let press = move |event: ev::KeyboardEvent| {
        let width = now();
        let wanted = match event.key().as_str() {
            "ArrowLeft" => width + STEP,
            "ArrowRight" => width - STEP,
            "Home" => BOUNDS.0,
            "End" => BOUNDS.1,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        set(scene, wanted);
    };
    let down = move |event: ev::PointerEvent| {
        #[cfg(feature = "hydrate")]
        {
            use wasm_bindgen::JsCast as _;

            event.prevent_default();
            let grip = event
                .current_target()
                .and_then(|grip| grip.dyn_into::<web_sys::Element>().ok());
            if let Some(grip) = grip {
                let _ = grip.set_pointer_capture(event.pointer_id());
            }
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = event;
    };
    let moved = move |event: ev::PointerEvent| {
        #[cfg(feature = "hydrate")]
        if event.buttons() & 1 == 1 {
            let all = window().inner_width().ok().and_then(|all| all.as_f64());
            #[expect(clippy::cast_possible_truncation, reason = "pixels")]
            if let Some(all) = all {
                set(scene, (all - event.client_x()) as i32);
            }
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = event;
    };
    view! {
        <div
            class="drawer-grip needs-script"
            role="separator"
            aria-orientation="vertical"
            aria-label=drawer::width()
            aria-valuemin=BOUNDS.0.to_string()
            aria-valuemax=BOUNDS.1.to_string()
            aria-valuenow=move || now().to_string()
            tabindex="0"
            data-testid="drawer-grip"
            on:keydown=press
            on:pointerdown=down
            on:pointermove=moved
        ></div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_width_stays_within_its_bounds() {
        assert_eq!([within(0), within(500), within(9_999)], [320, 500, 720]);
    }
}
