//! The JSON text of a double as Nix prints it, which is the output of the Grisu2 algorithm (F. Loitsch, "Printing
//! floating-point numbers quickly and accurately with integers", 2010). Its digits always read back as the same
//! double. For about one double in a thousand they are not the shortest such digits, so a shortest-digits printer
//! would not do.

/// The decimal exponent of the first cached power, and the step from one power to the next.
const FIRST_POWER: i32 = -300;
const POWER_STEP: i32 = 8;

/// The 64 leading bits of the powers of ten from 10^-300 to 10^324 in steps of 10^8, rounded to nearest.
#[rustfmt::skip]
const POWER_SIGNIFICANDS: [u64; 79] = [
    0xab70fe17_c79ac6ca, 0xff77b1fc_bebcdc4f, 0xbe5691ef_416bd60c, 0x8dd01fad_907ffc3c,
    0xd3515c28_31559a83, 0x9d71ac8f_ada6c9b5, 0xea9c2277_23ee8bcb, 0xaecc4991_4078536d,
    0x823c1279_5db6ce57, 0xc2109436_4dfb5637, 0x9096ea6f_3848984f, 0xd77485cb_25823ac7,
    0xa086cfcd_97bf97f4, 0xef340a98_172aace5, 0xb23867fb_2a35b28e, 0x84c8d4df_d2c63f3b,
    0xc5dd4427_1ad3cdba, 0x936b9fce_bb25c996, 0xdbac6c24_7d62a584, 0xa3ab6658_0d5fdaf6,
    0xf3e2f893_dec3f126, 0xb5b5ada8_aaff80b8, 0x87625f05_6c7c4a8b, 0xc9bcff60_34c13053,
    0x964e858c_91ba2655, 0xdff97724_70297ebd, 0xa6dfbd9f_b8e5b88f, 0xf8a95fcf_88747d94,
    0xb9447093_8fa89bcf, 0x8a08f0f8_bf0f156b, 0xcdb02555_653131b6, 0x993fe2c6_d07b7fac,
    0xe45c10c4_2a2b3b06, 0xaa242499_697392d3, 0xfd87b5f2_8300ca0e, 0xbce50864_92111aeb,
    0x8cbccc09_6f5088cc, 0xd1b71758_e219652c, 0x9c400000_00000000, 0xe8d4a510_00000000,
    0xad78ebc5_ac620000, 0x813f3978_f8940984, 0xc097ce7b_c90715b3, 0x8f7e32ce_7bea5c70,
    0xd5d238a4_abe98068, 0x9f4f2726_179a2245, 0xed63a231_d4c4fb27, 0xb0de6538_8cc8ada8,
    0x83c7088e_1aab65db, 0xc45d1df9_42711d9a, 0x924d692c_a61be758, 0xda01ee64_1a708dea,
    0xa26da399_9aef774a, 0xf209787b_b47d6b85, 0xb454e4a1_79dd1877, 0x865b8692_5b9bc5c2,
    0xc83553c5_c8965d3d, 0x952ab45c_fa97a0b3, 0xde469fbd_99a05fe3, 0xa59bc234_db398c25,
    0xf6c69a72_a3989f5c, 0xb7dcbf53_54e9bece, 0x88fcf317_f22241e2, 0xcc20ce9b_d35c78a5,
    0x98165af3_7b2153df, 0xe2a0b5dc_971f303a, 0xa8d9d153_5ce3b396, 0xfb9b7cd9_a4a7443c,
    0xbb764c4c_a7a44410, 0x8bab8eef_b6409c1a, 0xd01fef10_a657842c, 0x9b10a4e5_e9913129,
    0xe7109bfb_a19c0c9d, 0xac2820d9_623bf429, 0x80444b5e_7aa7cf85, 0xbf21e440_03acdd2d,
    0x8e679c2f_5e44ff8f, 0xd433179d_9c8cb841, 0x9e19db92_b4e31ba9,
];

/// The product of a scaled significand and a cached power has a binary exponent of at least this.
const LOWEST_EXPONENT: i32 = -60;

/// Range of decimal point positions that are written without an exponent.
const LOWEST_FIXED_POINT: i32 = -4;
const HIGHEST_FIXED_POINT: i32 = 15;

/// The JSON text of `value`: digits that read back as the same double, with `.0` on whole numbers and an
/// exponent of at least two digits where the point is far from the digits (`1.0`, `1e+100`, `1.5e-07`). Zero has no
/// digits to choose (`0.0`, `-0.0`); NaN and infinities, which JSON lacks, are `null`.
pub fn float_to_json_text(value: f64) -> String {
    if !value.is_finite() {
        return "null".to_owned();
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if value == 0.0 {
        return format!("{sign}0.0");
    }
    let (digits, exponent) = shortest_digits(value.abs());
    format!("{sign}{}", place_point(&digits, exponent))
}

/// A number `significand * 2^exponent`.
#[derive(Clone, Copy)]
struct Scaled {
    significand: u64,
    exponent: i32,
}

impl Scaled {
    fn normalized(self) -> Self {
        let shift = self.significand.leading_zeros();
        Self { significand: self.significand << shift, exponent: self.exponent - shift.cast_signed() }
    }

    fn with_exponent(self, exponent: i32) -> Self {
        Self { significand: self.significand << (self.exponent - exponent), exponent }
    }

    /// The upper half of the product, ties rounded up.
    fn times(self, other: Self) -> Self {
        let product = u128::from(self.significand) * u128::from(other.significand);
        let rounded = (product + (1 << 63)) >> 64;
        Self { significand: rounded as u64, exponent: self.exponent + other.exponent + 64 }
    }
}

/// A positive double and the midpoints to its neighbours, all normalized to one exponent.
fn with_boundaries(value: f64) -> (Scaled, Scaled, Scaled) {
    const FRACTION_BITS: u32 = 52;
    const HIDDEN_BIT: u64 = 1 << FRACTION_BITS;
    let bits = value.to_bits();
    let (biased, fraction) = ((bits >> FRACTION_BITS) as i32, bits & (HIDDEN_BIT - 1));
    let exact = if biased == 0 {
        Scaled { significand: fraction, exponent: -1074 }
    } else {
        Scaled { significand: fraction | HIDDEN_BIT, exponent: biased - 1075 }
    };
    let above = Scaled { significand: 2 * exact.significand + 1, exponent: exact.exponent - 1 }.normalized();
    // Below a power of two the neighbour is only half as far away.
    let below = if fraction == 0 && biased > 1 {
        Scaled { significand: 4 * exact.significand - 1, exponent: exact.exponent - 2 }
    } else {
        Scaled { significand: 2 * exact.significand - 1, exponent: exact.exponent - 1 }
    };
    (below.with_exponent(above.exponent), exact.normalized(), above)
}

/// A power of ten that brings a number of binary exponent `exponent` into the range the digit loop needs, and
/// its decimal exponent.
fn power_for(exponent: i32) -> (Scaled, i32) {
    let distance = LOWEST_EXPONENT - exponent - 1;
    let decimal = distance * 78913 / (1 << 18) + i32::from(distance > 0);
    let index = (decimal - FIRST_POWER + POWER_STEP - 1) / POWER_STEP;
    let power = FIRST_POWER + index * POWER_STEP;
    let significand = POWER_SIGNIFICANDS[usize::try_from(index).expect("doubles stay above the first power")];
    (Scaled { significand, exponent: ((power * 1_741_647) >> 19) - 63 }, power)
}

/// Digits and decimal exponent of a positive finite double.
fn shortest_digits(value: f64) -> (Vec<u8>, i32) {
    let (below, exact, above) = with_boundaries(value);
    let (power, decimal) = power_for(above.exponent);
    let (below, exact, above) = (below.times(power), exact.times(power), above.times(power));
    // One unit inwards: the products are rounded and must stay between the true boundaries.
    let top = above.significand - 1;
    let (digits, shift) = digits_between(Interval {
        top,
        width: top - (below.significand + 1),
        distance: top - exact.significand,
        point: above.exponent.unsigned_abs(),
    });
    (digits, shift - decimal)
}

/// All numbers from `top - width` to `top` read back as the wanted double, which is at `top - distance`. The
/// lower `point` bits of each are its fraction.
struct Interval {
    top: u64,
    width: u64,
    distance: u64,
    point: u32,
}

/// The fewest digits from the top of the interval that are within it, and their decimal exponent.
fn digits_between(mut interval: Interval) -> (Vec<u8>, i32) {
    let unit = 1 << interval.point;
    let mut digits = Vec::with_capacity(17);
    let (mut whole, mut fraction) = (interval.top / unit, interval.top % unit);
    let mut power: u64 = 10_u64.pow(whole.checked_ilog10().unwrap_or(0));
    let mut exponent = power.ilog10().cast_signed();
    loop {
        digits.push(b'0' + (whole / power) as u8);
        whole %= power;
        let rest = whole * unit + fraction;
        if rest <= interval.width {
            approach(&mut digits, &interval, rest, power * unit);
            return (digits, exponent);
        }
        if power == 1 {
            break;
        }
        power /= 10;
        exponent -= 1;
    }
    loop {
        fraction *= 10;
        digits.push(b'0' + (fraction / unit) as u8);
        fraction %= unit;
        exponent -= 1;
        interval.width *= 10;
        interval.distance *= 10;
        if fraction <= interval.width {
            approach(&mut digits, &interval, fraction, unit);
            return (digits, exponent);
        }
    }
}

/// Lowers the last digit while that brings the number, now `rest` below the top, nearer to the exact value.
fn approach(digits: &mut [u8], interval: &Interval, mut rest: u64, last_digit_unit: u64) {
    let Some(last) = digits.last_mut() else {
        return;
    };
    let distance = interval.distance;
    while rest < distance && interval.width - rest >= last_digit_unit {
        let next = rest + last_digit_unit;
        if next >= distance && distance - rest <= next - distance {
            break;
        }
        *last -= 1;
        rest = next;
    }
}

fn place_point(digits: &[u8], exponent: i32) -> String {
    let digits = String::from_utf8_lossy(digits);
    let count = i32::try_from(digits.len()).expect("a double has at most 17 digits");
    let point = count + exponent;
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
    if (count..=HIGHEST_FIXED_POINT).contains(&point) {
        format!("{digits}{}.0", zeros(exponent))
    } else if (1..=HIGHEST_FIXED_POINT).contains(&point) {
        let (whole, fraction) = digits.split_at(point.unsigned_abs() as usize);
        format!("{whole}.{fraction}")
    } else if (LOWEST_FIXED_POINT + 1..=0).contains(&point) {
        format!("0.{}{digits}", zeros(-point))
    } else {
        let (first, rest) = digits.split_at(1);
        let separator = if rest.is_empty() { "" } else { "." };
        let sign = if point < 1 { '-' } else { '+' };
        format!("{first}{separator}{rest}e{sign}{:02}", (point - 1).abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_text() {
        let table: [(f64, &str); 16] = [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (-1.5, "-1.5"),
            (0.1, "0.1"),
            (100_000.0, "100000.0"),
            (123_456.789, "123456.789"),
            (1e14, "100000000000000.0"),
            (1e15, "1e+15"),
            (1e100, "1e+100"),
            (123_456_789_012_345_678.0, "1.2345678901234568e+17"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::INFINITY, "null"),
        ];
        for (value, text) in table {
            assert_eq!(float_to_json_text(value), text);
        }
    }

    #[test]
    fn digits_read_back() {
        let mut bits: u64 = 0x1234_5678_9abc_def1;
        for _ in 0..20_000 {
            bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let value = f64::from_bits(bits);
            if value.is_finite() {
                assert_eq!(float_to_json_text(value).parse(), Ok(value));
            }
        }
    }
}
