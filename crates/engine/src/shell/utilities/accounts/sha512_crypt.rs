//! SHA-512 crypt (`$6$`), as glibc and musl have it: the hash of a password that `/etc/shadow` holds.

use sha2::{Digest, Sha512};

const ALPHABET: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const ROUNDS: usize = 5000;

/// A salt of 16 letters from 96 bits.
pub(super) fn salt(bits: u128) -> String {
    (0..16).map(|at| char::from(ALPHABET[(bits >> (6 * at)) as usize & 63])).collect()
}

/// The hash of a password with a salt of at most 16 letters.
pub(super) fn crypt(password: &[u8], salt: &str) -> String {
    let salt = &salt.as_bytes()[..salt.len().min(16)];
    let alternate = Sha512::new().chain_update(password).chain_update(salt).chain_update(password).finalize();
    let mut sum = Sha512::new().chain_update(password).chain_update(salt);
    sum.update(repeated(&alternate, password.len()));
    let mut length = password.len();
    while length > 0 {
        sum.update(if length & 1 == 1 { &alternate[..] } else { password });
        length >>= 1;
    }
    let first = sum.finalize();

    let mut sum = Sha512::new();
    for _ in 0..password.len() {
        sum.update(password);
    }
    let long_password = repeated(&sum.finalize(), password.len());
    let mut sum = Sha512::new();
    for _ in 0..16 + usize::from(first[0]) {
        sum.update(salt);
    }
    let long_salt = repeated(&sum.finalize(), salt.len());

    let mut last: Vec<u8> = first.to_vec();
    for round in 0..ROUNDS {
        let mut sum = Sha512::new();
        sum.update(if round & 1 == 1 { &long_password } else { &last });
        if round % 3 != 0 {
            sum.update(&long_salt);
        }
        if round % 7 != 0 {
            sum.update(&long_password);
        }
        sum.update(if round & 1 == 1 { &last } else { &long_password });
        last = sum.finalize().to_vec();
    }
    format!("$6${}${}", String::from_utf8_lossy(salt), encoded(&last))
}

fn repeated(bytes: &[u8], length: usize) -> Vec<u8> {
    bytes.iter().copied().cycle().take(length).collect()
}

/// Three bytes at a time, in an order of their own, as four letters.
fn encoded(sum: &[u8]) -> String {
    let mut text = String::new();
    let mut push = |bytes: [u8; 3], letters: usize| {
        let [a, b, c] = bytes.map(usize::from);
        let value = a << 16 | b << 8 | c;
        text.extend((0..letters).map(|at| char::from(ALPHABET[value >> (6 * at) & 63])));
    };
    let mut triple = [0, 21, 42];
    for _ in 0..21 {
        push(triple.map(|at| sum[at]), 4);
        triple = [triple[1] + 1, triple[2] + 1, triple[0] + 1];
    }
    push([0, 0, sum[63]], 2);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_openssl_does() {
        // openssl passwd -6 -salt saltstring 'Hello world!'
        let hash = "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1";
        assert_eq!(crypt(b"Hello world!", "saltstring"), hash);
    }
}
