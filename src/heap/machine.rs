//! The machine's stack and registers, as words that may be addresses.

use crate::stack::stack_address;

/// True if the words of this machine's registers can be read, so that a collection can happen during an evaluation.
pub(super) const IS_KNOWN: bool = cfg!(all(any(target_arch = "x86_64", target_arch = "aarch64"), not(miri)));

/// Visits the registers, and the words of the stack from here up to the address `base`.
pub(super) fn for_each_word(base: usize, visit: &mut dyn FnMut(usize)) {
    let mut registers = [0usize; 12];
    save(&mut registers);
    // A frame of its own lies below this one, with all that this one has put away.
    scan(base, visit);
    registers.iter().for_each(|word| visit(*word));
}

/// Writes the registers that a call preserves. The others are on the stack when this is called.
#[cfg(all(target_arch = "x86_64", not(miri)))]
#[inline(always)]
fn save(registers: &mut [usize; 12]) {
    // SAFETY: writes six words to the array, which has twelve, and changes nothing else.
    unsafe {
        std::arch::asm!(
            "mov [{0}], rbx", "mov [{0} + 8], rbp", "mov [{0} + 16], r12", "mov [{0} + 24], r13",
            "mov [{0} + 32], r14", "mov [{0} + 40], r15",
            in(reg) registers.as_mut_ptr(), options(nostack, preserves_flags)
        );
    }
}

#[cfg(all(target_arch = "aarch64", not(miri)))]
#[inline(always)]
fn save(registers: &mut [usize; 12]) {
    // SAFETY: writes eleven words to the array, which has twelve, and changes nothing else.
    unsafe {
        std::arch::asm!(
            "stp x19, x20, [{0}]", "stp x21, x22, [{0}, #16]", "stp x23, x24, [{0}, #32]",
            "stp x25, x26, [{0}, #48]", "stp x27, x28, [{0}, #64]", "str x29, [{0}, #80]",
            in(reg) registers.as_mut_ptr(), options(nostack, preserves_flags)
        );
    }
}

#[cfg(not(all(any(target_arch = "x86_64", target_arch = "aarch64"), not(miri))))]
fn save(_: &mut [usize; 12]) {}

#[inline(never)]
fn scan(base: usize, visit: &mut dyn FnMut(usize)) {
    let mut address = stack_address() & !7;
    while address + 8 <= base {
        // SAFETY: all addresses between the top of the stack and `base`, which is in a frame that is still running on
        // the same stack, are mapped memory of this thread. The words are read volatile, as they may be anything.
        let word = unsafe { std::ptr::with_exposed_provenance::<usize>(address).read_volatile() };
        visit(word);
        address += 8;
    }
}
