//! Node-API, as far as smalloc uses it: a call from JavaScript, its arguments and its answer, and ArrayBuffers.
//!
//! Functions are not exported by `#[napi]` on each of them: the glue of napi-derive 3.7 allocates 128 bytes in every call
//! that has arguments (a `NativeBorrowScope`), which ends the process where there is no memory, and takes 85 ns: to
//! allocate and dispose 64 bytes 330 ns instead of 230 (Node 20 and 24).

use std::ffi::{c_void, CStr};
use std::marker::PhantomData;
use std::ptr;

use napi::bindgen_prelude::{JsValue, Object};
use napi::{check_status, sys, Result};

/// Answers a call; `None` where an argument is not of the type that it needs.
pub type Method = for<'call> fn(&'call Call) -> Option<Answer<'call>>;

pub enum Answer<'call> {
    Null,
    Boolean(bool),
    Number(f64),
    Value(Value<'call>),
}

pub struct Export {
    pub name: &'static CStr,
    /// Called by Node-API: [`call`] with the number of arguments.
    pub callback: unsafe extern "C" fn(sys::napi_env, sys::napi_callback_info) -> sys::napi_value,
    pub method: Method,
}

/// Adds the functions to `exports`.
pub fn define(exports: &Object, functions: &'static [Export]) -> Result<()> {
    let exports = exports.value();
    for Export { name, callback, method } in functions {
        let data = ptr::from_ref(method).cast_mut().cast();
        let len = name.count_bytes() as isize;
        let mut function = ptr::null_mut();
        // SAFETY: `exports` is an argument of the running callback, and `name` is `len` bytes long.
        let status =
            unsafe { sys::napi_create_function(exports.env, name.as_ptr(), len, Some(*callback), data, &mut function) };
        check_status!(status, "cannot make a function")?;
        // SAFETY: as above; `name` ends with a zero, and `function` is a value of the running callback.
        let status = unsafe { sys::napi_set_named_property(exports.env, exports.value, name.as_ptr(), function) };
        check_status!(status, "cannot export a function")?;
    }
    Ok(())
}

/// Has the method of an [`Export`] answer, with so many `ARGUMENTS`: each that is asked for takes 4 ns, given or not.
pub unsafe extern "C" fn call<const ARGUMENTS: usize>(
    env: sys::napi_env,
    info: sys::napi_callback_info,
) -> sys::napi_value {
    let mut call = Call { env, arguments: [ptr::null_mut(); MOST_ARGUMENTS] };
    let mut count = ARGUMENTS.min(MOST_ARGUMENTS);
    let mut data: *mut c_void = ptr::null_mut();
    // SAFETY: `env` and `info` are those of the running callback; there is room for `count` arguments.
    let status = unsafe {
        sys::napi_get_cb_info(env, info, &mut count, call.arguments.as_mut_ptr(), ptr::null_mut(), &mut data)
    };
    if status != sys::Status::napi_ok {
        return ptr::null_mut();
    }
    // SAFETY: `define` has given a static method as the data of each function with this callback.
    let method = unsafe { *data.cast::<Method>() };
    match method(&call) {
        Some(answer) => call.give(answer),
        None => call.refuse(),
    }
}

const MOST_ARGUMENTS: usize = 5;

/// The running callback.
pub struct Call {
    env: sys::napi_env,
    /// Those that were not given are undefined.
    arguments: [sys::napi_value; MOST_ARGUMENTS],
}

impl Call {
    pub fn argument(&self, index: usize) -> Value<'_> {
        self.value(self.arguments[index])
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

    /// A string, in UTF-8.
    pub fn text(&self, index: usize) -> Option<Vec<u8>> {
        let (string, mut len) = (self.arguments[index], 0);
        // SAFETY: an argument of the running callback; without a place for them the bytes are counted alone.
        let status = unsafe { sys::napi_get_value_string_utf8(self.env, string, ptr::null_mut(), 0, &mut len) };
        if status != sys::Status::napi_ok {
            return None;
        }
        let mut text = vec![0u8; len + 1]; // with the zero that ends it
        let (bytes, room) = (text.as_mut_ptr().cast(), text.len());
        // SAFETY: as above; there is room for `room` bytes.
        let status = unsafe { sys::napi_get_value_string_utf8(self.env, string, bytes, room, &mut len) };
        text.truncate(len);
        (status == sys::Status::napi_ok).then_some(text)
    }

    /// In bytes: what the engine's objects hold outside its heap; 0 where the engine does not tell.
    pub fn held_outside_heap(&self) -> i64 {
        let mut held = 0;
        // SAFETY: `env` is that of the running callback. A change by 0 bytes does nothing but tell the sum.
        unsafe { sys::napi_adjust_external_memory(self.env, 0, &mut held) };
        held
    }

    /// A new external ArrayBuffer over the `len` bytes at `start`, or the status that says why there is none. `finalizer`
    /// is called with `hint` once nothing refers to the bytes; never where there is no ArrayBuffer.
    ///
    /// # Safety
    /// The bytes must be valid for reads and writes until the ArrayBuffer has been detached or `finalizer` called.
    pub unsafe fn external_array_buffer(
        &self,
        start: *mut u8,
        len: usize,
        finalizer: unsafe extern "C" fn(sys::napi_env, *mut c_void, *mut c_void),
        hint: usize,
    ) -> std::result::Result<Value<'_>, sys::napi_status> {
        let (start, hint) = (start.cast(), hint as *mut c_void);
        let mut array_buffer = ptr::null_mut();
        // SAFETY: `env` is that of the running callback; the caller vouches for the bytes.
        let status = unsafe {
            sys::napi_create_external_arraybuffer(self.env, start, len, Some(finalizer), hint, &mut array_buffer)
        };
        if status == sys::Status::napi_ok {
            Ok(self.value(array_buffer))
        } else {
            Err(status)
        }
    }

    /// Calls `function` without arguments. False where it throws, or the engine has no stack left for it: then its error is
    /// thrown once the running callback returns.
    pub fn runs(&self, function: Value) -> bool {
        self.calls(function, &[])
    }

    /// The same with a number.
    pub fn runs_with(&self, function: Value, number: f64) -> bool {
        let mut argument = ptr::null_mut();
        // SAFETY: `env` is that of the running callback.
        let status = unsafe { sys::napi_create_double(self.env, number, &mut argument) };
        status == sys::Status::napi_ok && self.calls(function, &[argument])
    }

    fn calls(&self, function: Value, arguments: &[sys::napi_value]) -> bool {
        let (mut this, no_answer) = (ptr::null_mut(), ptr::null_mut());
        let (count, arguments) = (arguments.len(), arguments.as_ptr());
        // SAFETY: `env`, `function` and the `count` arguments are of the running callback; what is no function is answered
        // with a status.
        unsafe {
            sys::napi_get_undefined(self.env, &mut this) == sys::Status::napi_ok
                && sys::napi_call_function(self.env, this, function.raw, count, arguments, no_answer)
                    == sys::Status::napi_ok
        }
    }

    pub fn env(&self) -> sys::napi_env {
        self.env
    }

    fn value(&self, raw: sys::napi_value) -> Value<'_> {
        Value { env: self.env, raw, call: PhantomData }
    }

    fn give(&self, answer: Answer) -> sys::napi_value {
        let mut value = ptr::null_mut();
        // SAFETY: `env` is that of the running callback. A call that fails leaves null, which is undefined.
        unsafe {
            match answer {
                Answer::Null => sys::napi_get_null(self.env, &mut value),
                Answer::Boolean(boolean) => sys::napi_get_boolean(self.env, boolean, &mut value),
                Answer::Number(number) => sys::napi_create_double(self.env, number, &mut value),
                Answer::Value(Value { raw, .. }) => return raw,
            }
        };
        value
    }

    fn refuse(&self) -> sys::napi_value {
        let message = c"smalloc: an argument of another type";
        // SAFETY: `env` is that of the running callback, and the message ends with a zero.
        unsafe { sys::napi_throw_type_error(self.env, ptr::null(), message.as_ptr()) };
        ptr::null_mut()
    }
}

/// Whether the environment ends, and runs no JavaScript any more. To be asked in a finalizer: Node 24 runs those of external
/// ArrayBuffers before any hook that could say so.
///
/// # Safety
/// `env` must be that of the running callback.
pub unsafe fn ends(env: sys::napi_env) -> bool {
    let (mut value, mut same) = (ptr::null_mut(), ptr::null_mut());
    // SAFETY: as the caller vouches. To coerce a boolean runs no code, but is refused where none may run.
    unsafe {
        sys::napi_get_boolean(env, true, &mut value) == sys::Status::napi_ok
            && sys::napi_coerce_to_bool(env, value, &mut same) != sys::Status::napi_ok
    }
}

/// A value that the running callback has been given or has made.
#[derive(Clone, Copy)]
pub struct Value<'call> {
    env: sys::napi_env,
    raw: sys::napi_value,
    call: PhantomData<&'call Call>,
}

impl<'call> Value<'call> {
    /// The ArrayBuffer of a typed array, and the address of its first byte.
    pub fn array_buffer_of_view(self) -> Option<(Value<'call>, usize)> {
        let (mut raw, mut start, mut offset) = (ptr::null_mut(), ptr::null_mut(), 0);
        // Not asked for.
        let (kind, length) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: a value of the running callback; one that is no typed array is answered with a status.
        let status = unsafe {
            sys::napi_get_typedarray_info(self.env, self.raw, kind, length, &mut start, &mut raw, &mut offset)
        };
        let address = (start as usize).wrapping_sub(offset);
        (status == sys::Status::napi_ok).then_some((Value { raw, ..self }, address))
    }

    /// Whether this is an ArrayBuffer; a SharedArrayBuffer is none.
    pub fn is_array_buffer(self) -> bool {
        let mut is_array_buffer = false;
        // SAFETY: a value of the running callback.
        let status = unsafe { sys::napi_is_arraybuffer(self.env, self.raw, &mut is_array_buffer) };
        status == sys::Status::napi_ok && is_array_buffer
    }

    /// The bytes of an ArrayBuffer: where they start, and how many there are.
    pub fn bytes_of_array_buffer(self) -> Option<(*mut u8, usize)> {
        let (mut start, mut len) = (ptr::null_mut(), 0);
        // SAFETY: a value of the running callback; one that is no ArrayBuffer is answered with a status.
        let status = unsafe { sys::napi_get_arraybuffer_info(self.env, self.raw, &mut start, &mut len) };
        (status == sys::Status::napi_ok).then_some((start.cast(), len))
    }

    /// Detaches an ArrayBuffer. False where this is none, or one that cannot be detached.
    pub fn detach(self) -> bool {
        // SAFETY: a value of the running callback; one that is no ArrayBuffer is answered with a status.
        unsafe { sys::napi_detach_arraybuffer(self.env, self.raw) == sys::Status::napi_ok }
    }
}
