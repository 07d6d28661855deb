//! `postil init DIR`: a new archive, ready to build; or what a host needs, for an archive that is there.

use std::path::Path;

use super::args::{self, Volume};
use super::{Outcome, Terminal, Trouble};
use crate::compile;
use crate::output::{Refusal, fresh};
use postil_propose::propose::File;
use postil_propose::propose::starter::{self, Service};
use postil_site::host::{self, Table};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Writes the files of a new archive, or those of a host; none if one of them is there already.
pub(super) fn run(args: &args::Init, terminal: &Terminal) -> Result<Outcome, Trouble> {
    let folder = args.folder.as_path();
    let is_there = folder.join("postil.toml").exists();
    let hosts: &[args::Host] = match &args.hosts[..] {
        [] if is_there => {
            return Err(Trouble::new(format!("`{}` is an archive already", folder.display()))
                .help("choose another folder; nothing was written")
                .help("for what a host needs, name it: `postil init --host NAME`"));
        }
        [] => &[args::Host::Netlify],
        hosts => hosts,
    };
    let table = if is_there {
        // What is wrong with the archive, `check` says.
        compile::hosted(&crate::theme::read(folder)?.value)?
    } else {
        Table::plain()
    };
    let mut files: Vec<File> = hosts.iter().map(|host| of_host(*host, &table)).collect();
    if !is_there {
        let publish: Vec<&str> = hosts.iter().map(|host| how(*host)).collect();
        files.splice(0..0, starter::files(VERSION, &publish.join("\n- ")));
    }
    let files: Vec<(&str, &[u8])> = files.iter().map(|f| (f.path.as_str(), f.text.as_bytes())).collect();
    fresh::write(folder, &files).map_err(|refusal| match refusal {
        Refusal::Taken(_) if is_there => {
            Trouble::new(refusal.to_string()).help("to have it anew, take it away first; nothing was written")
        }
        Refusal::Taken(_) => Trouble::new(refusal.to_string())
            .help("begin it in a folder of its own, `postil init DIR`; nothing was written"),
        refusal => refusal.into(),
    })?;
    if terminal.volume() > Volume::Quiet {
        tell(folder, is_there, hosts, &files, terminal);
    }
    Ok(Outcome::Fine)
}

fn tell(folder: &Path, is_there: bool, hosts: &[args::Host], files: &[(&str, &[u8])], terminal: &Terminal) {
    if is_there {
        for (host, (path, _)) in hosts.iter().zip(files) {
            let path = folder.join(path);
            terminal.tell(&format!(
                "`{}`: {}\n",
                path.strip_prefix(".").unwrap_or(&path).display(),
                how(*host)
            ));
        }
        return;
    }
    let here = folder == Path::new(".");
    let site = if here { String::new() } else { format!(" --site \"{}\"", folder.display()) };
    let readme = folder.join("README.md");
    let readme = readme.strip_prefix(".").unwrap_or(&readme).display();
    terminal
        .tell(&format!("`{}` holds a small archive; `{readme}` says what to do next\n", folder.display()));
    terminal.tell(&format!("make its site: postil build{site}\n"));
}

/// The file that a host goes by.
fn of_host(host: args::Host, table: &Table) -> File {
    let own = |path: &str, text: String| File { path: path.to_owned(), text };
    match host {
        args::Host::Netlify => starter::of_service(Service::Netlify, VERSION),
        args::Host::Cloudflare => starter::of_service(Service::Cloudflare, VERSION),
        args::Host::Github => starter::of_service(Service::GitHub, VERSION),
        args::Host::Gitlab => starter::of_service(Service::GitLab, VERSION),
        args::Host::S3 => own("deploy-s3.sh", host::s3(table)),
        args::Host::Nginx => own("nginx.conf", host::nginx(table)),
        args::Host::Caddy => own("Caddyfile", host::caddy(table)),
        args::Host::Apache => own("apache.conf", host::apache(table)),
    }
}

/// What is left to do to publish there.
fn how(host: args::Host) -> &'static str {
    match host {
        args::Host::Netlify => {
            "to publish on Netlify, connect the repository there; `netlify.toml` says how to build"
        }
        args::Host::Cloudflare => {
            "to publish on Cloudflare Pages, connect the repository there, as `wrangler.toml` says"
        }
        args::Host::Github => {
            "to publish on GitHub Pages, choose \"GitHub Actions\" in the settings of the repository, under Pages"
        }
        args::Host::Gitlab => "to publish on GitLab Pages, push to GitLab; `.gitlab-ci.yml` does the rest",
        args::Host::S3 => {
            "to publish in a store such as S3, run `postil build`, then `sh deploy-s3.sh s3://BUCKET`"
        }
        args::Host::Nginx => {
            "to publish with nginx, write your host and folder into `nginx.conf`, and put it into `/etc/nginx/conf.d/`"
        }
        args::Host::Caddy => "to publish with Caddy, write your host and folder into `Caddyfile`",
        args::Host::Apache => {
            "to publish with Apache, write your host and folder into `apache.conf`, and put it into \
             `/etc/apache2/sites-available/`"
        }
    }
}
