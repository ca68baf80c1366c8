//! Seconds since 1970 as a date and a time of day, without leap seconds.

/// A moment in parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The year; negative before the year 0.
    pub year: i64,
    /// The month, from 1.
    pub month: i64,
    /// The day of the month, from 1.
    pub day: i64,
    /// The hour, from 0.
    pub hour: i64,
    /// The minute, from 0.
    pub minute: i64,
    /// The second, from 0.
    pub second: i64,
}

impl Moment {
    /// Seconds from 1970 until this moment. Days and hours beyond the end of their month and day count on; months too.
    pub fn seconds(&self) -> i64 {
        let Self { year, month, day, hour, minute, second } = *self;
        let (year, month) = (year + (month - 1).div_euclid(12), (month - 1).rem_euclid(12) + 1);
        // Years begin in March here, so that the odd day is at their end.
        let year = if month < 3 { year - 1 } else { year };
        let before = (153 * ((month + 9) % 12) + 2) / 5;
        let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
        let days = year * 365 + leap_days + before + day - 1 - 719_468;
        ((days * 24 + hour) * 60 + minute) * 60 + second
    }

    /// The parts of a moment.
    pub fn of(seconds: i64) -> Self {
        let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        // Days since 0000-03-01, in eras of 400 years: leap days come last in their year.
        let shifted = days.saturating_add(719_468);
        let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        Self {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month,
            day: day_of_year - (153 * shifted_month + 2) / 5 + 1,
            hour: second / 3600,
            minute: second / 60 % 60,
            second: second % 60,
        }
    }

    /// The date, for example `2024-02-29`.
    pub fn day_text(&self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// The date and time, for example `2024-02-29 12:34:56`.
    pub fn text(&self) -> String {
        format!("{} {:02}:{:02}:{:02}", self.day_text(), self.hour, self.minute, self.second)
    }

    /// The date and time in digits only, for example `20240229123456`.
    pub fn digits(&self) -> String {
        let Self { year, month, day, hour, minute, second } = self;
        format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;

    #[test]
    fn dates() {
        assert_eq!(Moment::of(0).digits(), "19700101000000");
        assert_eq!(Moment::of(951_827_696).digits(), "20000229123456");
        assert_eq!(Moment::of(-1).digits(), "19691231235959");
        assert_eq!(Moment::of(951_827_696).day_text(), "2000-02-29");
        assert_eq!(Moment::of(951_827_696).text(), "2000-02-29 12:34:56");
        for seconds in [0, -1, 951_827_696, 951_782_400, -62_135_596_800, 4_107_542_400] {
            assert_eq!(Moment::of(seconds).seconds(), seconds);
        }
        assert!(!Moment::of(i64::MAX).digits().is_empty());
    }
}
