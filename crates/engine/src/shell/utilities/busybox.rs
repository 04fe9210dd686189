//! BusyBox itself: the names of its applets, as common builds have them, and the program that runs them.

use crate::shell::command::{self, Flavour};
use crate::shell::{Outcome, Process};
use crate::vfs::{VfsErrorKind, path};

/// `busybox APPLET`, `--list`, `--install`.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let args = process.args().to_vec();
    match args.first().map(String::as_str) {
        None | Some("--help") => {
            let names: Vec<&str> = APPLETS.split(' ').collect();
            process.output(&format!(
                "BusyBox v1.35.0 multi-call binary.\n\nCurrently defined functions:\n\t{}\n",
                names.join(", ")
            ))?;
            Ok(0)
        }
        Some("--list") => {
            for name in APPLETS.split(' ') {
                process.output(&format!("{name}\n"))?;
            }
            Ok(0)
        }
        Some("--install") => install(process, &args[1..]),
        Some(name) => {
            let name = path::name(name).to_owned();
            if let Some(main) = super::find(&name).filter(|_| is_applet(&name)) {
                process.arguments = args;
                return command::run_utility(process, main, Flavour::Busybox);
            }
            process.error_output(&format!("{name}: applet not found\n"))?;
            Ok(127)
        }
    }
}

/// Makes a link for each applet.
fn install(process: &mut Process<'_, '_>, args: &[String]) -> Outcome {
    let symbolic = args.first().is_some_and(|word| word == "-s");
    let directory = args.iter().find(|word| !word.starts_with('-')).map_or("/bin", String::as_str).to_owned();
    let own = process.find_command("busybox").unwrap_or_else(|| "/bin/busybox".to_owned());
    for name in APPLETS.split(' ').filter(|name| *name != "busybox") {
        let target = path::join(&directory, name);
        let made = if symbolic { process.symlink(&own, &target) } else { process.hard_link(&own, &target) };
        match made {
            Err(error) if error.kind != VfsErrorKind::Exists => {
                process.complain(&format!("{target}: {}", error.kind.message()))?;
            }
            _ => {}
        }
    }
    Ok(0)
}

/// Whether a build of BusyBox has an applet of this name.
pub(in crate::shell) fn is_applet(name: &str) -> bool {
    APPLETS.split(' ').any(|applet| applet == name)
}

/// All names.
pub fn names() -> impl Iterator<Item = &'static str> {
    APPLETS.split(' ')
}

const APPLETS: &str = "\
    [ [[ acpid add-shell addgroup adduser adjtimex ar arch arp arping ascii ash awk base64 basename \
    bbconfig bc beep blkdiscard blkid blockdev brctl bunzip2 busybox bzcat bzip2 cal cat chattr chgrp \
    chmod chown chpasswd chroot chvt cksum clear cmp comm cp cpio crc32 crond crontab cryptpw cttyhack \
    cut date dc dd deallocvt delgroup deluser depmod devmem df diff dirname dmesg dnsdomainname \
    dos2unix dpkg dpkg-deb du dumpkmap dumpleases echo ed egrep eject env ether-wake expand expr factor \
    fallocate false fatattr fbset fbsplash fdflush fdisk fgrep find findfs flock fold free freeramdisk \
    fsck fsfreeze fstrim fsync ftpget ftpput fuser getopt getty grep groups gunzip gzip halt hd head \
    hexdump hostid hostname httpd hwclock i2cdetect i2cdump i2cget i2cset i2ctransfer id ifconfig \
    ifdown ifenslave ifup init inotifyd insmod install ionice iostat ip ipaddr ipcalc ipcrm ipcs iplink \
    ipneigh iproute iprule iptunnel kbd_mode kill killall killall5 klogd last less link linux32 linux64 \
    linuxrc ln loadfont loadkmap logger login logname logread losetup ls lsattr lsmod lsof lsscsi lsusb \
    lzcat lzma lzop lzopcat makemime md5sum mdev mesg microcom mim mkdir mkdosfs mke2fs mkfifo \
    mkfs.vfat mknod mkpasswd mkswap mktemp modinfo modprobe more mount mountpoint mpstat mt mv nameif \
    nanddump nandwrite nbd-client nc netstat nice nl nmeter nohup nologin nproc nsenter nslookup ntpd \
    nuke od openvt partprobe passwd paste patch pgrep pidof ping ping6 pipe_progress pivot_root pkill \
    pmap poweroff printenv printf ps pscan pstree pwd pwdx raidautorun rdate rdev readahead readlink \
    realpath reboot reformime remove-shell renice reset resize resume rev rfkill rm rmdir rmmod route \
    rpm rpm2cpio run-init run-parts sed sendmail seq setconsole setfont setkeycodes setlogcons setpriv \
    setserial setsid sh sha1sum sha256sum sha3sum sha512sum showkey shred shuf slattach sleep sort \
    split ssl_client start-stop-daemon stat strings stty su sulogin sum svc svok swapoff swapon \
    switch_root sync sysctl syslogd tac tail tar taskset tc tee telnet telnetd test tftp time timeout \
    top touch tr traceroute traceroute6 tree true truncate ts tty ttysize tunctl ubirename udhcpc \
    udhcpc6 udhcpd uevent umount uname uncompress unexpand uniq unix2dos unlink unlzma unlzop unshare \
    unxz unzip uptime usleep uudecode uuencode vconfig vi vlock volname w watch watchdog wc wget which \
    who whoami whois xargs xxd xz xzcat yes zcat zcip";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert!(is_applet("[") && is_applet("wget") && is_applet("zcat") && is_applet("nl"));
        assert!(!is_applet("bash") && !is_applet(""));
    }
}
