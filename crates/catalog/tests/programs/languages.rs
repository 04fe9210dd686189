//! Tools of languages: compilers, PHP's extensions, gems, environments of Python.

use crate::Container;

#[test]
fn a_program_follows_its_sources() {
    let mut container = Container::of("gcc:14").with("/src/main.c", "int main(void) { return 0; }\n");
    let digest = |container: &mut Container| {
        let done = container.ok("gcc -O2 -o /src/main /src/main.c");
        done.tree.entry("/src/main").unwrap().content_digest()
    };
    let first = digest(&mut container);
    assert_eq!(first, digest(&mut container));
    container.write("/src/main.c", "int main(void) { return 1; }\n");
    assert_ne!(first, digest(&mut container));
    let done = container.run("gcc -o /x /src/none.c");
    assert_eq!(done.code, 1);
    assert!(done.err.starts_with("gcc: error: /src/none.c: No such file or directory\n"));
}

#[test]
fn extensions_of_php() {
    let mut container = Container::of("php:8.4-cli");
    let done = container.ok("docker-php-ext-install -j 4 pdo_mysql opcache");
    let read = |name: &str| {
        let path = format!("/usr/local/etc/php/conf.d/docker-php-ext-{name}.ini");
        done.tree.read_text(&path).unwrap().to_owned()
    };
    assert_eq!(
        (read("pdo_mysql").as_str(), read("opcache").as_str()),
        ("extension=pdo_mysql\n", "zend_extension=opcache\n")
    );
    assert!(done.seconds > 1.0);
    let done = container.run("docker-php-ext-enable xdebug");
    assert_eq!(done.code, 1);
    assert!(done.err.starts_with("error: 'xdebug' does not exist\n"));
    container.ok("pecl install xdebug");
    container.ok("docker-php-ext-enable xdebug");
    container.network = false;
    assert_eq!(container.run("pecl install apcu").code, 1);
}

#[test]
fn gems() {
    let mut container =
        Container::of("ruby:3.3").with("Gemfile", "source 'https://rubygems.org'\ngem 'rack', '~> 3'\n");
    assert_eq!(container.ok("bundle install").out, "Bundle complete! 1 gems now installed.\n");
    let done = container.ok("gem install puma -v 6.4.0");
    assert!(done.tree.exists("/usr/local/bundle/gems/puma-6.4.0/lib/puma.rb"));
    container.network = false;
    assert_eq!(container.run("gem install sinatra").code, 2);
}

#[test]
fn environments_of_python() {
    let done = Container::of("python:3.12-slim").shell("python3 -m venv /v && . /v/bin/activate && command -v python && pip install flask > /dev/null && ls /v/lib/python3.12/site-packages | grep -ci '^flask$'; deactivate; echo \"[$VIRTUAL_ENV]\"");
    assert_eq!(done.out, "/v/bin/python\n1\n[]\n", "{}", done.err);
}

#[test]
fn settings_of_git() {
    let done = Container::of("node:22").shell("git config --global user.name 'A B'; git config --global user.email a@b; git config --system safe.directory '*'; cat ~/.gitconfig /etc/gitconfig; git init -q /r; cat /r/.git/HEAD");
    assert_eq!(
        done.out,
        "[user]\n\tname = A B\n\temail = a@b\n[safe]\n\tdirectory = *\nref: refs/heads/main\n"
    );
}
