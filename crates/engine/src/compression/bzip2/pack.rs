//! Packing as bzip2: runs, the sorted rotations, move to front, and Huffman codes.

/// Packs data in blocks of `level` times 100,000 bytes.
pub(crate) fn pack(data: &[u8], level: u8) -> Vec<u8> {
    let mut bits = Bits { out: format!("BZh{level}").into_bytes(), held: 0, count: 0 };
    let limit = usize::from(level) * 100_000 - 19;
    let mut whole = 0_u32;
    let mut start = 0;
    while start < data.len() {
        let (block, end) = runs(data, start, limit);
        let check = checksum(&data[start..end]);
        whole = whole.rotate_left(1) ^ check;
        bits.magic(super::BLOCK_MAGIC);
        bits.push(check, 32);
        bits.push(0, 1);
        write_block(&mut bits, &block);
        start = end;
    }
    bits.magic(super::END_MAGIC);
    bits.push(whole, 32);
    bits.push(0, bits.count.wrapping_neg() % 8);
    bits.out
}

/// Bits with the highest first.
struct Bits {
    out: Vec<u8>,
    held: u8,
    count: u32,
}

impl Bits {
    fn push(&mut self, value: u32, count: u32) {
        for at in (0..count).rev() {
            self.held = self.held << 1 | (value >> at & 1) as u8;
            self.count += 1;
            if self.count == 8 {
                self.out.push(self.held);
                self.count = 0;
            }
        }
    }

    fn magic(&mut self, magic: u64) {
        self.push((magic >> 24) as u32, 24);
        self.push(magic as u32 & 0xff_ffff, 24);
    }
}

/// The checksum of a block, whose bits run the other way round than those of gzip's.
fn checksum(data: &[u8]) -> u32 {
    let table = super::crc_table();
    let step = |crc: u32, byte: &u8| crc << 8 ^ table[(crc >> 24 ^ u32::from(*byte)) as usize];
    !data.iter().fold(u32::MAX, step)
}

/// Four equal bytes are followed by how many more there are. Gives a block and where it ends in the data.
fn runs(data: &[u8], start: usize, limit: usize) -> (Vec<u8>, usize) {
    let mut block = Vec::new();
    let mut at = start;
    while at < data.len() && block.len() + 5 <= limit {
        let byte = data[at];
        let run = data[at..].iter().take(255).take_while(|next| **next == byte).count();
        block.extend(std::iter::repeat_n(byte, run.min(4)));
        if run >= 4 {
            block.push((run - 4) as u8);
        }
        at += run;
    }
    (block, at)
}

/// The last bytes of the sorted rotations, and which of them is the block.
fn sorted(block: &[u8]) -> (Vec<u8>, usize) {
    let length = block.len();
    let mut class: Vec<u32> = block.iter().map(|byte| u32::from(*byte)).collect();
    let mut order: Vec<u32> = (0..length as u32).collect();
    let mut next = vec![0_u32; length];
    // A first sorting by one byte; then each doubles what the places are sorted by.
    counted(&mut next, &order, &class, 256);
    std::mem::swap(&mut order, &mut next);
    let mut classes = number_classes(&order, &mut class, &mut next, 0);
    let mut width = 1;
    while classes < length && width < length {
        for (shifted, place) in next.iter_mut().zip(&order) {
            *shifted = ((*place as usize + length - width) % length) as u32;
        }
        let by_second = std::mem::take(&mut next);
        next = vec![0; length];
        counted(&mut next, &by_second, &class, classes);
        std::mem::swap(&mut order, &mut next);
        classes = number_classes(&order, &mut class, &mut next, width);
        width *= 2;
    }
    let origin = order.iter().position(|place| *place == 0).unwrap_or(0);
    let last = order.iter().map(|place| block[(*place as usize + length - 1) % length]).collect();
    (last, origin)
}

/// Sorts places by their class, keeping the order of those of one.
fn counted(into: &mut [u32], places: &[u32], class: &[u32], classes: usize) {
    let mut starts = vec![0_u32; classes.max(1) + 1];
    for place in places {
        starts[class[*place as usize] as usize + 1] += 1;
    }
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    for place in places {
        let start = &mut starts[class[*place as usize] as usize];
        into[*start as usize] = *place;
        *start += 1;
    }
}

/// Gives sorted places new classes: of their old one and that which is `width` further on.
fn number_classes(order: &[u32], class: &mut Vec<u32>, fresh: &mut Vec<u32>, width: usize) -> usize {
    let length = order.len();
    let key = |place: u32| (class[place as usize], class[(place as usize + width) % length]);
    let mut number = 0;
    for (at, place) in order.iter().enumerate() {
        if at > 0 && key(*place) != key(order[at - 1]) {
            number += 1;
        }
        fresh[*place as usize] = number;
    }
    std::mem::swap(class, fresh);
    number as usize + 1
}

/// Zeros after moving to front as numbers of two digits, everything else one higher, and an end.
fn symbols(last: &[u8], used: &[u8]) -> Vec<u16> {
    let mut front = used.to_vec();
    let mut out = Vec::new();
    let mut zeros = 0_usize;
    let flush = |out: &mut Vec<u16>, zeros: &mut usize| {
        while *zeros > 0 {
            out.push(if *zeros % 2 == 1 { 0 } else { 1 });
            *zeros = (*zeros - 1) / 2;
        }
    };
    for byte in last {
        let at = front.iter().position(|known| known == byte).unwrap_or(0);
        if at == 0 {
            zeros += 1;
            continue;
        }
        flush(&mut out, &mut zeros);
        out.push(at as u16 + 1);
        front[..=at].rotate_right(1);
    }
    flush(&mut out, &mut zeros);
    out.push(used.len() as u16 + 1);
    out
}

fn write_block(bits: &mut Bits, block: &[u8]) {
    let (last, origin) = sorted(block);
    bits.push(origin as u32, 24);
    let mut is_used = [false; 256];
    block.iter().for_each(|byte| is_used[usize::from(*byte)] = true);
    let used: Vec<u8> = (0..=255).filter(|byte: &u8| is_used[usize::from(*byte)]).collect();
    for row in is_used.chunks(16) {
        bits.push(u32::from(row.contains(&true)), 1);
    }
    for row in is_used.chunks(16).filter(|row| row.contains(&true)) {
        row.iter().for_each(|used| bits.push(u32::from(*used), 1));
    }
    let symbols = symbols(&last, &used);
    let (codes, chosen) = choose(&symbols, used.len() + 2);
    bits.push(codes.len() as u32, 3);
    bits.push(chosen.len() as u32, 15);
    let mut front: Vec<usize> = (0..codes.len()).collect();
    for code in &chosen {
        let at = front.iter().position(|known| known == code).unwrap_or(0);
        bits.push((1 << (at + 1)) - 2, at as u32 + 1);
        front[..=at].rotate_right(1);
    }
    for lengths in &codes {
        write_lengths(bits, lengths);
    }
    let tables: Vec<Vec<u32>> = codes.iter().map(|lengths| codewords(lengths)).collect();
    for (group, code) in symbols.chunks(super::GROUP).zip(&chosen) {
        for symbol in group {
            let symbol = usize::from(*symbol);
            bits.push(tables[*code][symbol], codes[*code][symbol].into());
        }
    }
}

/// Each length as its difference from the one before.
fn write_lengths(bits: &mut Bits, lengths: &[u8]) {
    let mut held = lengths[0];
    bits.push(held.into(), 5);
    for length in lengths {
        while held != *length {
            let rises = held < *length;
            bits.push(if rises { 2 } else { 3 }, 2);
            held = if rises { held + 1 } else { held - 1 };
        }
        bits.push(0, 1);
    }
}

/// Lengths of several codes, and for each group of symbols the one that suits it best.
fn choose(symbols: &[u16], count: usize) -> (Vec<Vec<u8>>, Vec<usize>) {
    let codes = match symbols.len() {
        0..200 => 2,
        200..600 => 3,
        600..1200 => 4,
        1200..2400 => 5,
        _ => 6,
    };
    let groups = symbols.len().div_ceil(super::GROUP);
    // At first each code has its share of the groups, in order; then each group moves to the code that suits it.
    let mut chosen: Vec<usize> = (0..groups).map(|group| group * codes / groups).collect();
    let mut lengths = Vec::new();
    for _ in 0..4 {
        let mut frequencies = vec![vec![0_u32; count]; codes];
        for (group, code) in symbols.chunks(super::GROUP).zip(&chosen) {
            group.iter().for_each(|symbol| frequencies[*code][usize::from(*symbol)] += 1);
        }
        lengths = frequencies.iter().map(|frequencies| code_lengths(frequencies)).collect::<Vec<Vec<u8>>>();
        for (group, code) in symbols.chunks(super::GROUP).zip(&mut chosen) {
            let cost = |lengths: &Vec<u8>| {
                group.iter().map(|symbol| u32::from(lengths[usize::from(*symbol)])).sum::<u32>()
            };
            *code = (0..codes).min_by_key(|code| cost(&lengths[*code])).unwrap_or(0);
        }
    }
    (lengths, chosen)
}

/// The lengths of a Huffman code in which nothing is longer than 17 bits, and every symbol has a code.
fn code_lengths(frequencies: &[u32]) -> Vec<u8> {
    let mut weights: Vec<u32> = frequencies.iter().map(|count| (*count).max(1)).collect();
    loop {
        let lengths = huffman(&weights);
        if lengths.iter().all(|length| *length <= 17) {
            return lengths;
        }
        weights.iter_mut().for_each(|weight| *weight = *weight / 2 + 1);
    }
}

fn huffman(weights: &[u32]) -> Vec<u8> {
    let mut parents = vec![0; weights.len()];
    let mut open: std::collections::BTreeSet<(u32, usize)> =
        weights.iter().enumerate().map(|(symbol, weight)| (*weight, symbol)).collect();
    while let (Some((one, left)), Some((other, right))) = (open.pop_first(), open.pop_first()) {
        let node = parents.len();
        parents.push(0);
        parents[left] = node;
        parents[right] = node;
        if open.is_empty() {
            break;
        }
        open.insert((one + other, node));
    }
    let root = parents.len() - 1;
    let mut depths = vec![0_u8; parents.len()];
    for node in (0..root).rev() {
        depths[node] = depths[parents[node]] + 1;
    }
    depths.truncate(weights.len());
    depths
}

/// The codes that go with lengths: shorter ones first, then by symbol.
fn codewords(lengths: &[u8]) -> Vec<u32> {
    let mut words = vec![0; lengths.len()];
    let mut word = 0;
    for length in 1..=17 {
        for (symbol, _) in lengths.iter().enumerate().filter(|(_, own)| **own == length) {
            words[symbol] = word;
            word += 1;
        }
        word <<= 1;
    }
    words
}
