//! Hands the functions of `lib.rs` to JavaScript, and `takeBack` of `external.rs`.
//!
//! Not by `#[napi]` on each of them: the glue of napi-derive 3.7 allocates 128 bytes in every call that has arguments (a
//! `NativeBorrowScope`), which ends the process where there is no memory, and takes 90 of the 150 ns that a call takes.

#![cfg_attr(test, allow(dead_code))] // in test builds napi-derive registers nothing

use std::ffi::{c_void, CStr};
use std::ptr;

use napi::bindgen_prelude::{Either, Env, JsValue, Object, Unknown};
use napi::{check_status, sys, Result};
use napi_derive::napi;

use crate::external;

type Callback = unsafe extern "C" fn(sys::napi_env, sys::napi_callback_info) -> sys::napi_value;

/// Answers a call; `None` where an argument is not of the type that it needs.
pub type Method = fn(&Call) -> Option<sys::napi_value>;

const MOST_ARGUMENTS: usize = 5;

/// A call from JavaScript. Arguments that were not given are undefined.
pub struct Call {
    env: sys::napi_env,
    arguments: [sys::napi_value; MOST_ARGUMENTS],
}

static METHODS: [(&CStr, Method); 7] = [
    (c"lend", |call| match crate::lend(&call.env(), call.number(0)?, call.boolean(1)?) {
        Some(Either::A(array_buffer)) => Some(array_buffer.raw()),
        Some(Either::B(has_memory)) => Some(call.give_boolean(has_memory)),
        None => Some(call.give_null()),
    }),
    (c"hasRoom", |call| Some(call.give_boolean(crate::has_room(call.number(0)?)))),
    (c"engineFreed", |call| {
        crate::engine_freed(call.number(0)?);
        Some(call.give_null())
    }),
    (c"copyBytes", |call| {
        let (source_start, dest_start, byte_length) = (call.number(1)?, call.number(3)?, call.number(4)?);
        let done = crate::copy_bytes(call.value(0), source_start, call.value(2), dest_start, byte_length);
        Some(call.give_boolean(done))
    }),
    (c"turned", |call| {
        crate::turned();
        Some(call.give_null())
    }),
    (c"lentBlocks", |call| Some(call.give_number(crate::lent_blocks()))),
    (c"lentBytes", |call| Some(call.give_number(crate::lent_bytes()))),
];

#[napi(module_exports)]
pub fn define_all(exports: Object) -> Result<()> {
    define(&exports, c"takeBack", external::take_back, ptr::null())?;
    define_methods(&exports, &METHODS)?;
    #[cfg(feature = "faults")]
    define_methods(&exports, &crate::faults::METHODS)?;
    Ok(())
}

fn define_methods(exports: &Object, methods: &'static [(&CStr, Method)]) -> Result<()> {
    methods.iter().try_for_each(|(name, method)| define(exports, name, call, method))
}

/// `data` is what the callback finds as its data.
fn define(exports: &Object, name: &CStr, callback: Callback, data: *const Method) -> Result<()> {
    let exports = exports.value();
    let data = data.cast_mut().cast();
    let len = name.count_bytes() as isize;
    let mut function = ptr::null_mut();
    // SAFETY: `exports` is an argument of the running callback, and `name` is `len` bytes long.
    let status =
        unsafe { sys::napi_create_function(exports.env, name.as_ptr(), len, Some(callback), data, &mut function) };
    check_status!(status, "cannot make a function")?;
    // SAFETY: as above; `name` ends with a zero, and `function` is a value of the running callback.
    let status = unsafe { sys::napi_set_named_property(exports.env, exports.value, name.as_ptr(), function) };
    check_status!(status, "cannot export a function")
}

unsafe extern "C" fn call(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    let mut call = Call { env, arguments: [ptr::null_mut(); MOST_ARGUMENTS] };
    let mut count = MOST_ARGUMENTS;
    let mut data: *mut c_void = ptr::null_mut();
    // SAFETY: `env` and `info` are those of the running callback; there is room for `count` arguments.
    let status = unsafe {
        sys::napi_get_cb_info(env, info, &mut count, call.arguments.as_mut_ptr(), ptr::null_mut(), &mut data)
    };
    if status != sys::Status::napi_ok {
        return ptr::null_mut();
    }
    // SAFETY: `define_methods` has given a static method as the data of each function with this callback.
    let method = unsafe { *data.cast::<Method>() };
    method(&call).unwrap_or_else(|| {
        // SAFETY: `env` is that of the running callback, and the message ends with a zero.
        unsafe { sys::napi_throw_type_error(env, ptr::null(), c"smalloc: an argument of another type".as_ptr()) };
        ptr::null_mut()
    })
}

impl Call {
    fn env(&self) -> Env {
        Env::from_raw(self.env)
    }

    pub fn number(&self, index: usize) -> Option<f64> {
        let mut number = 0.0;
        // SAFETY: an argument of the running callback; one that is no number is answered with a status.
        let status = unsafe { sys::napi_get_value_double(self.env, self.arguments[index], &mut number) };
        (status == sys::Status::napi_ok).then_some(number)
    }

    pub fn boolean(&self, index: usize) -> Option<bool> {
        let mut boolean = false;
        // SAFETY: an argument of the running callback; one that is no boolean is answered with a status.
        let status = unsafe { sys::napi_get_value_bool(self.env, self.arguments[index], &mut boolean) };
        (status == sys::Status::napi_ok).then_some(boolean)
    }

    fn value(&self, index: usize) -> Unknown<'_> {
        // SAFETY: an argument of the running callback, which outlives this call.
        unsafe { Unknown::from_raw_unchecked(self.env, self.arguments[index]) }
    }

    pub fn give_number(&self, number: f64) -> sys::napi_value {
        let mut value = ptr::null_mut();
        // SAFETY: the environment is that of the running callback. Where it fails null is left, which is undefined.
        unsafe { sys::napi_create_double(self.env, number, &mut value) };
        value
    }

    fn give_boolean(&self, boolean: bool) -> sys::napi_value {
        let mut value = ptr::null_mut();
        // SAFETY: as in `give_number`.
        unsafe { sys::napi_get_boolean(self.env, boolean, &mut value) };
        value
    }

    pub fn give_null(&self) -> sys::napi_value {
        let mut value = ptr::null_mut();
        // SAFETY: as in `give_number`.
        unsafe { sys::napi_get_null(self.env, &mut value) };
        value
    }
}
