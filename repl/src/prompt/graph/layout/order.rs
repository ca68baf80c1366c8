//! The order of the boxes in each column.

/// The number of passes over the columns, to and fro.
pub(super) const SWEEPS: usize = 24;

/// A piece of an edge between neighbouring columns: where it leaves and arrives, as heights below the tops of the boxes.
#[derive(Clone, Copy)]
pub(super) struct Link {
    pub(super) from: usize,
    pub(super) from_height: f64,
    pub(super) to: usize,
    pub(super) to_height: f64,
}

/// Orders each column by where its neighbours are, a few times to and fro, and keeps the order with the fewest crossings.
pub(super) fn untangle(order: &mut Vec<Vec<usize>>, links: &[Link], count: usize) {
    let mut best = (crossings(order, links, count), order.clone());
    for sweep in 0..SWEEPS {
        let ranks = ranks(order, count);
        for column in order.iter_mut() {
            sort_by_neighbours(column, links, &ranks, sweep % 2 == 0);
        }
        let crossings = crossings(order, links, count);
        if crossings < best.0 {
            best = (crossings, order.clone());
        }
    }
    *order = best.1;
}

/// Sorts a column by the ranks of its neighbours on one side. A box without neighbours there keeps its rank.
fn sort_by_neighbours(column: &mut [usize], links: &[Link], ranks: &[usize], by_left: bool) {
    let weight = |index: usize| {
        let near = links.iter().filter_map(|link| match by_left {
            true if link.to == index => Some(ranks[link.from] as f64 + link.from_height / 1000.0),
            false if link.from == index => Some(ranks[link.to] as f64 + link.to_height / 1000.0),
            _ => None,
        });
        average(near).unwrap_or(ranks[index] as f64)
    };
    let mut weighed: Vec<(f64, usize)> = column.iter().map(|&index| (weight(index), index)).collect();
    weighed.sort_by(|left, right| left.0.total_cmp(&right.0));
    column.iter_mut().zip(weighed).for_each(|(place, (_, index))| *place = index);
}

fn ranks(order: &[Vec<usize>], count: usize) -> Vec<usize> {
    let mut ranks = vec![0; count];
    order.iter().for_each(|column| column.iter().enumerate().for_each(|(rank, &index)| ranks[index] = rank));
    ranks
}

fn crossings(order: &[Vec<usize>], links: &[Link], count: usize) -> usize {
    let ranks = ranks(order, count);
    let mut column_of = vec![0; count];
    order.iter().enumerate().for_each(|(column, them)| them.iter().for_each(|&index| column_of[index] = column));
    let key = |link: &Link| (ranks[link.from] as f64 + link.from_height / 1e6, ranks[link.to]);
    let mut found = 0;
    for (index, one) in links.iter().enumerate() {
        for other in &links[index + 1..] {
            let ((a, b), (c, d)) = (key(one), key(other));
            let same = column_of[one.from] == column_of[other.from];
            found += usize::from(same && (a - c) * (b as f64 - d as f64) < 0.0);
        }
    }
    found
}

pub(super) fn average(numbers: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = numbers.fold((0.0, 0), |(sum, count), number| (sum + number, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}
