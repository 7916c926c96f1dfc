//! All calls of Node-API: exported functions, their arguments and return values, and ArrayBuffers.
//!
//! [`define`] exports the functions of `lib.rs`. When JavaScript calls one, [`call`] collects the arguments in a [`Call`], runs
//! the function and converts its [`Answer`]. A call that may fail has its status checked.
//!
//! The addon calls Node-API through napi-sys, without the layer of napi-rs above it. That layer allocates for each environment
//! and in each call that has arguments, and ends the process if there is no memory. In a call it takes 85 ns: to allocate and
//! dispose 64 bytes took 330 ns instead of 230 (Node 20 and 24). With it and its crates a build of the addon took 43 s of processor
//! time instead of 6.

use std::ffi::{c_void, CStr};
use std::marker::PhantomData;
use std::sync::Once;
use std::{mem, ptr};

use napi_sys as sys;

/// The Rust side of an exported function. `None` if an argument has the wrong type; JavaScript then gets a TypeError.
pub type Method = for<'call> fn(&'call Call) -> Option<Answer<'call>>;

/// The return value of an exported function.
pub enum Answer<'call> {
    Undefined,
    Null,
    Boolean(bool),
    Number(f64),
    Value(Value<'call>),
}

pub struct Export {
    pub name: &'static CStr,
    /// What Node-API calls: [`call`], with the number of arguments of the function.
    pub callback: unsafe extern "C" fn(sys::napi_env, sys::napi_callback_info) -> sys::napi_value,
    pub method: Method,
}

/// Adds the functions to `exports`. It defines them: to set them would call a setter that a program has on Object.prototype.
/// If the engine refuses, it throws an error, which JavaScript gets when the running callback returns.
///
/// # Safety
/// `env` and `exports` must be those of the running callback.
pub unsafe fn define(env: sys::napi_env, exports: sys::napi_value, functions: &'static [Export]) {
    for Export { name, callback, method } in functions {
        let property = sys::napi_property_descriptor {
            utf8name: name.as_ptr(),
            name: ptr::null_mut(),
            method: Some(*callback),
            getter: None,
            setter: None,
            value: ptr::null_mut(),
            attributes: sys::PropertyAttributes::enumerable,
            data: ptr::from_ref(method).cast_mut().cast(),
        };
        // SAFETY: the caller guarantees `env` and `exports`. `property` is one descriptor; its name is a C string, and its
        // data is `'static`.
        unsafe {
            if sys::napi_define_properties(env, exports, 1, &property) != sys::Status::napi_ok {
                return throw(env, c"smalloc: the engine does not export a function");
            }
        }
    }
}

/// Looks up the functions of Node-API in the process. Once: another thread may already be calling them.
pub fn find_node_api() {
    static FOUND: Once = Once::new();
    // SAFETY: nothing calls a function of Node-API before this has returned. The library stays loaded, since it is never dropped.
    FOUND.call_once(|| mem::forget(unsafe { sys::setup() }));
}

/// Makes an Error with this message pending. JavaScript gets it when the running callback returns.
///
/// # Safety
/// `env` must be that of the running callback.
pub unsafe fn throw(env: sys::napi_env, message: &CStr) {
    // SAFETY: the caller guarantees `env`, and the message is a C string.
    unsafe { sys::napi_throw_error(env, ptr::null(), message.as_ptr()) };
}

/// The callback of every exported function. It runs the method of the [`Export`].
///
/// `ARGUMENTS` is the number of arguments to get. Each takes 4 ns, even if the caller has not passed it.
pub unsafe extern "C" fn call<const ARGUMENTS: usize>(
    env: sys::napi_env,
    info: sys::napi_callback_info,
) -> sys::napi_value {
    let mut call = Call { env, arguments: [ptr::null_mut(); MAX_ARGUMENTS] };
    const { assert!(ARGUMENTS <= MAX_ARGUMENTS) };
    let mut count = ARGUMENTS;
    let mut data: *mut c_void = ptr::null_mut();
    // SAFETY: `env` and `info` are those of the running callback. `arguments` has room for `count` values.
    let status = unsafe {
        sys::napi_get_cb_info(env, info, &mut count, call.arguments.as_mut_ptr(), ptr::null_mut(), &mut data)
    };
    if status != sys::Status::napi_ok {
        return ptr::null_mut();
    }
    // SAFETY: `define`, the only user of this callback, passes a pointer to a `&'static Method` as the data.
    let method = unsafe { *data.cast::<Method>() };
    match method(&call) {
        Some(answer) => call.value_of(answer),
        None => call.throw_wrong_type(),
    }
}

/// The most arguments that an exported function has.
const MAX_ARGUMENTS: usize = 5;

/// The running callback.
pub struct Call {
    env: sys::napi_env,
    /// An argument that the caller has not passed is undefined. An argument that was not asked for is null.
    arguments: [sys::napi_value; MAX_ARGUMENTS],
}

impl Call {
    pub fn argument(&self, index: usize) -> Value<'_> {
        self.value(self.arguments[index])
    }

    pub fn number(&self, index: usize) -> Option<f64> {
        let mut number = 0.0;
        // SAFETY: the argument belongs to the running callback. If it is null or not a number, Node-API returns an error.
        let status = unsafe { sys::napi_get_value_double(self.env, self.arguments[index], &mut number) };
        (status == sys::Status::napi_ok).then_some(number)
    }

    pub fn boolean(&self, index: usize) -> Option<bool> {
        let mut boolean = false;
        // SAFETY: the argument belongs to the running callback. If it is null or not a boolean, Node-API returns an error.
        let status = unsafe { sys::napi_get_value_bool(self.env, self.arguments[index], &mut boolean) };
        (status == sys::Status::napi_ok).then_some(boolean)
    }

    /// A string in UTF-8. It allocates with `Vec`, so it ends the process if there is no memory: only the guard uses it.
    pub fn text(&self, index: usize) -> Option<Vec<u8>> {
        let (string, mut len) = (self.arguments[index], 0);
        // SAFETY: the argument belongs to the running callback. If it is null or not a string, Node-API returns an error.
        // With a null buffer Node-API only counts the bytes.
        let status = unsafe { sys::napi_get_value_string_utf8(self.env, string, ptr::null_mut(), 0, &mut len) };
        if status != sys::Status::napi_ok {
            return None;
        }
        let mut text = vec![0u8; len + 1]; // Node-API adds a zero at the end
        let (bytes, room) = (text.as_mut_ptr().cast(), text.len());
        // SAFETY: the argument is a string of the running callback, and `bytes` has room for `room` bytes.
        let status = unsafe { sys::napi_get_value_string_utf8(self.env, string, bytes, room, &mut len) };
        text.truncate(len);
        (status == sys::Status::napi_ok).then_some(text)
    }

    /// The bytes that the engine's objects hold outside its heap. 0 if the engine does not tell.
    pub fn held_outside_heap(&self) -> i64 {
        let mut held_bytes = 0;
        // SAFETY: `env` is that of the running callback. A change by 0 bytes only reads the sum.
        unsafe { sys::napi_adjust_external_memory(self.env, 0, &mut held_bytes) };
        held_bytes
    }

    /// A new external ArrayBuffer over the `len` bytes at `start`, or the status that says why there is none.
    ///
    /// The engine calls `finalizer` with `hint` when nothing refers to the bytes any more. It may call it even after this function
    /// has returned an error, as Node 20 does if `len` is too large for a Buffer. An error may then be pending, too.
    ///
    /// # Safety
    /// If this returns an ArrayBuffer, the bytes must be valid for reads and writes until that has been detached or the engine calls
    /// `finalizer`.
    pub unsafe fn external_array_buffer(
        &self,
        start: *mut u8,
        len: usize,
        finalizer: unsafe extern "C" fn(sys::napi_env, *mut c_void, *mut c_void),
        hint: usize,
    ) -> std::result::Result<Value<'_>, sys::napi_status> {
        let (start, hint) = (start.cast(), hint as *mut c_void);
        let mut array_buffer = ptr::null_mut();
        // SAFETY: `env` is that of the running callback. The caller guarantees the bytes.
        let status = unsafe {
            sys::napi_create_external_arraybuffer(self.env, start, len, Some(finalizer), hint, &mut array_buffer)
        };
        if status == sys::Status::napi_ok {
            Ok(self.value(array_buffer))
        } else {
            Err(status)
        }
    }

    /// Calls `function` without arguments. False if it throws, or if the engine has no stack left for it. The error is then
    /// pending: JavaScript gets it when the running callback returns.
    pub fn call_function(&self, function: Value) -> bool {
        self.call_with(function, &[])
    }

    /// Calls `function` with a number. False as for `call_function`, or if the engine makes no number. An error is then pending.
    pub fn call_function_with_number(&self, function: Value, number: f64) -> bool {
        let mut argument = ptr::null_mut();
        // SAFETY: `env` is that of the running callback.
        let status = unsafe { sys::napi_create_double(self.env, number, &mut argument) };
        if status != sys::Status::napi_ok {
            // SAFETY: `env` is that of the running callback.
            unsafe { throw(self.env, c"smalloc: the engine makes no number") };
            return false;
        }
        self.call_with(function, &[argument])
    }

    fn call_with(&self, function: Value, arguments: &[sys::napi_value]) -> bool {
        let (mut this, no_result) = (ptr::null_mut(), ptr::null_mut());
        let (count, arguments) = (arguments.len(), arguments.as_ptr());
        // SAFETY: `env`, `function` and the `count` arguments belong to the running callback. If `function` is not a function,
        // Node-API returns an error. With a null pointer for the result it returns none.
        unsafe {
            sys::napi_get_undefined(self.env, &mut this) == sys::Status::napi_ok
                && sys::napi_call_function(self.env, this, function.raw, count, arguments, no_result)
                    == sys::Status::napi_ok
        }
    }

    pub fn env(&self) -> sys::napi_env {
        self.env
    }

    fn value(&self, raw: sys::napi_value) -> Value<'_> {
        Value { env: self.env, raw, call: PhantomData }
    }

    fn value_of(&self, answer: Answer) -> sys::napi_value {
        let mut value = ptr::null_mut();
        // SAFETY: `env` is that of the running callback. If `value` stays null, JavaScript gets undefined.
        unsafe {
            match answer {
                Answer::Undefined => return value,
                Answer::Null => sys::napi_get_null(self.env, &mut value),
                Answer::Boolean(boolean) => sys::napi_get_boolean(self.env, boolean, &mut value),
                Answer::Number(number) => sys::napi_create_double(self.env, number, &mut value),
                Answer::Value(Value { raw, .. }) => return raw,
            }
        };
        value
    }

    fn throw_wrong_type(&self) -> sys::napi_value {
        let message = c"smalloc: an argument of another type";
        // SAFETY: `env` is that of the running callback, and the message is a C string.
        unsafe { sys::napi_throw_type_error(self.env, ptr::null(), message.as_ptr()) };
        ptr::null_mut()
    }
}

/// Whether the environment is ending, so that it runs no JavaScript any more. For finalizers: no cleanup hook can tell them,
/// because Node 24 runs the finalizers of external ArrayBuffers before any hook.
///
/// # Safety
/// `env` must be that of the running callback.
pub unsafe fn is_ending(env: sys::napi_env) -> bool {
    let (mut value, mut same) = (ptr::null_mut(), ptr::null_mut());
    // SAFETY: the caller guarantees `env`. Coercing a boolean runs no JavaScript. But Node-API refuses it when the environment
    // may run none, which is what this asks.
    unsafe {
        sys::napi_get_boolean(env, true, &mut value) == sys::Status::napi_ok
            && sys::napi_coerce_to_bool(env, value, &mut same) != sys::Status::napi_ok
    }
}

/// A value of JavaScript that belongs to the running callback: an argument, or one that the callback has made.
#[derive(Clone, Copy)]
pub struct Value<'call> {
    env: sys::napi_env,
    raw: sys::napi_value,
    call: PhantomData<&'call Call>,
}

impl<'call> Value<'call> {
    /// Whether the value is an ArrayBuffer. A SharedArrayBuffer is not.
    pub fn is_array_buffer(self) -> bool {
        let mut is_array_buffer = false;
        // SAFETY: the value belongs to the running callback. If it is null, Node-API returns an error.
        let status = unsafe { sys::napi_is_arraybuffer(self.env, self.raw, &mut is_array_buffer) };
        status == sys::Status::napi_ok && is_array_buffer
    }

    /// The address of the first byte of an ArrayBuffer, and the number of its bytes.
    pub fn bytes_of_array_buffer(self) -> Option<(*mut u8, usize)> {
        let (mut start, mut len) = (ptr::null_mut(), 0);
        // SAFETY: the value belongs to the running callback. If it is null or not an ArrayBuffer, Node-API returns an error.
        let status = unsafe { sys::napi_get_arraybuffer_info(self.env, self.raw, &mut start, &mut len) };
        (status == sys::Status::napi_ok).then_some((start.cast(), len))
    }

    /// Whether the value is an ArrayBuffer that has lost its memory.
    pub fn is_detached(self) -> bool {
        let mut is_detached = false;
        // SAFETY: the value belongs to the running callback. If it is null, Node-API returns an error.
        let status = unsafe { sys::napi_is_detached_arraybuffer(self.env, self.raw, &mut is_detached) };
        status == sys::Status::napi_ok && is_detached
    }

    /// Detaches an ArrayBuffer. False if the value is not an ArrayBuffer, or is one that cannot be detached.
    pub fn detach(self) -> bool {
        // SAFETY: the value belongs to the running callback. If it is null or not an ArrayBuffer, Node-API returns an error.
        unsafe { sys::napi_detach_arraybuffer(self.env, self.raw) == sys::Status::napi_ok }
    }
}
