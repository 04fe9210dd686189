//! The graph above the heat map: a place for each build, a line to the one that it continues.

use lab_session::protocol::TimelineBuild;

/// A build in the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dot {
    /// Its number.
    pub number: u32,
    /// Its column, from 0.
    pub column: u32,
    /// Its lane, from 0: the way to the build that the workspace stands on is lane 0.
    pub lane: u32,
}

/// The graph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lanes {
    /// The builds by column.
    pub dots: Vec<Dot>,
    /// Lines from a dot to the one that continues it, as indexes into `dots`.
    pub lines: Vec<(usize, usize)>,
    /// How many lanes there are.
    pub lanes: u32,
    /// How many ways end beside the main one.
    pub branches: u32,
}

/// Lays out the builds. `head` is the build that the workspace stands on.
pub fn lanes(builds: &[TimelineBuild], head: Option<u32>) -> Lanes {
    let index = |number: u32| builds.iter().position(|build| build.number == number);
    let mut main = vec![false; builds.len()];
    let mut at = head.and_then(index);
    while let Some(here) = at {
        // A parent is always older; anything else is damage, and must not hang the page.
        main[here] = true;
        at = builds[here].parent.and_then(index).filter(|parent| *parent < here);
    }
    // The lane of each build, and for each lane the last column that uses it.
    let mut lane_of = vec![0u32; builds.len()];
    let mut busy_until: Vec<usize> = vec![usize::MAX];
    let mut continued = vec![false; builds.len()];
    let mut graph = Lanes::default();
    for (column, build) in builds.iter().enumerate() {
        let parent = build.parent.and_then(index).filter(|parent| *parent < column);
        lane_of[column] = match parent {
            _ if main[column] => 0,
            Some(parent) if !main[parent] && !continued[parent] => lane_of[parent],
            _ => free_lane(&mut busy_until, parent.unwrap_or(column)),
        };
        let lane = lane_of[column] as usize;
        if lane > 0 {
            busy_until[lane] = column + 1;
        }
        if let Some(parent) = parent {
            continued[parent] |= lane_of[parent] == lane_of[column];
            graph.lines.push((parent, column));
        }
        graph.dots.push(Dot { number: build.number, column: column as u32, lane: lane as u32 });
    }
    graph.lanes = lane_of.iter().max().map_or(1, |lane| lane + 1);
    graph.branches = builds
        .iter()
        .enumerate()
        .filter(|(at, build)| !main[*at] && !builds.iter().any(|other| other.parent == Some(build.number)))
        .count() as u32;
    graph
}

/// A lane that nothing uses from the column `from` on.
fn free_lane(busy_until: &mut Vec<usize>, from: usize) -> u32 {
    match busy_until.iter().skip(1).position(|until| *until <= from) {
        Some(at) => at as u32 + 1,
        None => {
            busy_until.push(0);
            busy_until.len() as u32 - 1
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lab_session::protocol::Figure;

    fn builds(parents: &[Option<u32>]) -> Vec<TimelineBuild> {
        parents
            .iter()
            .enumerate()
            .map(|(at, parent)| TimelineBuild {
                number: at as u32 + 1,
                parent: *parent,
                at: 0.0,
                cells: Vec::new(),
                hits: 0,
                steps: 0,
                seconds: Figure::default(),
                saved: Figure::default(),
                failed: false,
                edited: Vec::new(),
                edited_count: 0,
                recorded: false,
            })
            .collect()
    }

    fn of(parents: &[Option<u32>], head: u32) -> (Vec<u32>, u32) {
        let graph = lanes(&builds(parents), Some(head));
        (graph.dots.iter().map(|dot| dot.lane).collect(), graph.branches)
    }

    #[test]
    fn a_straight_way_has_one_lane() {
        assert_eq!(of(&[None, Some(1), Some(2)], 3), (vec![0, 0, 0], 0));
    }

    #[test]
    fn the_way_to_the_head_stays_straight() {
        // 3 → 6 → 7 is left behind; 5 goes on to 8.
        let parents = [None, Some(1), Some(2), Some(3), Some(4), Some(3), Some(6), Some(5)];
        assert_eq!(of(&parents, 8), (vec![0, 0, 0, 0, 0, 1, 1, 0], 1));
    }

    #[test]
    fn two_branches_at_once_do_not_share_a_lane() {
        let parents = [None, Some(1), Some(1), Some(1), Some(2), Some(3)];
        let (lanes, branches) = of(&parents, 4);
        assert_eq!(lanes, [0, 1, 2, 0, 1, 2]);
        assert_eq!(branches, 2);
    }

    #[test]
    fn damage_does_not_hang() {
        assert_eq!(of(&[Some(2), Some(1)], 2).0.len(), 2);
    }
}
