//! Decimal numbers, rounded as `{:.1}` rounds them, in few bytes.
//!
//! The standard library prints any float to any precision, with tables and big numbers for the few that need them. What
//! the lab prints fits into 64 bits, where the exact value of a float times a power of ten can simply be rounded.

const MANTISSA_BITS: u32 = 52;
/// The exponent of a float whose mantissa is a whole number.
const WHOLE: i32 = 1023 + MANTISSA_BITS as i32;

/// A number with so many decimals. Halves go to the even digit, as everywhere.
pub fn fixed(value: f64, decimals: usize) -> String {
    match scaled(value.abs(), decimals) {
        Some(number) => {
            let digits = number.to_string();
            let digits = format!("{}{digits}", "0".repeat((decimals + 1).saturating_sub(digits.len())));
            let (whole, rest) = digits.split_at(digits.len() - decimals);
            let sign = if value.is_sign_negative() { "-" } else { "" };
            let point = if decimals > 0 { "." } else { "" };
            format!("{sign}{whole}{point}{rest}")
        }
        None => beyond(value, decimals),
    }
}

/// What is no number, or does not fit.
#[inline(never)]
fn beyond(value: f64, decimals: usize) -> String {
    format!("{value:.decimals$}")
}

/// `value × 10^decimals`, rounded, if it fits.
fn scaled(value: f64, decimals: usize) -> Option<u64> {
    let bits = value.to_bits();
    let fraction = bits & ((1 << MANTISSA_BITS) - 1);
    let (mantissa, exponent) = match (bits >> MANTISSA_BITS) as i32 {
        0 => (fraction, 1),
        exponent => (fraction | 1 << MANTISSA_BITS, exponent),
    };
    let power = 10u64.checked_pow(u32::try_from(decimals).ok()?)?;
    let product = u128::from(mantissa) * u128::from(power);
    let rounded = match WHOLE - exponent {
        // Below half of the last digit: the product has less than 117 bits.
        118.. => return Some(0),
        shift @ 1.. => {
            let (whole, rest) = (product >> shift, product & ((1 << shift) - 1));
            let half = 1 << (shift - 1);
            whole + u128::from(rest > half || (rest == half && whole & 1 == 1))
        }
        shift @ -10..=0 => product << -shift,
        _ => return None,
    };
    u64::try_from(rounded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_as_the_standard_library_rounds_them() {
        let mut seed = 0x2545_f491_4f6c_dd1d_u64;
        for at in 0..200_000 {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            // Floats of all kinds, sizes in a unit, and halves of a digit.
            let value = match at % 4 {
                0 => f64::from_bits(seed),
                1 => (seed % 1_000_000_000) as f64 / 1000.0,
                2 => (seed % 20_000) as f64 / 16.0,
                _ => -((seed % 1_000_000) as f64) / 1024.0,
            };
            for decimals in 0..5 {
                assert_eq!(fixed(value, decimals), format!("{value:.decimals$}"), "{value:e}");
            }
        }
    }

    #[test]
    fn edges() {
        for value in
            [0.0, -0.0, f64::MIN_POSITIVE, 5e-324, f64::MAX, f64::INFINITY, 0.5, 1.5, 2.5, 1e16, 1.8e19, 2e19]
        {
            for decimals in [0, 1, 3, 9, 25] {
                assert_eq!(fixed(value, decimals), format!("{value:.decimals$}"), "{value:e}");
            }
        }
        assert_eq!(fixed(f64::NAN, 1), "NaN");
    }
}
