//! The names of BusyBox's applets, as common builds have them.

/// Whether a build of BusyBox has an applet of this name.
pub(in crate::shell) fn is_applet(name: &str) -> bool {
    APPLETS.split(' ').any(|applet| applet == name)
}

/// All names.
#[cfg(test)]
pub(in crate::shell) fn names() -> impl Iterator<Item = &'static str> {
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
