use super::*;

fn site(change: impl FnOnce(&mut Options)) -> Site {
    let mut options = Options::new("data".into());
    change(&mut options);
    Site::new(&options).expect("good options")
}

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    let value = |text: &str| HeaderValue::try_from(text).expect("a value");
    pairs.iter().map(|(name, text)| (header::HeaderName::from_static(name), value(text))).collect()
}

fn bound(ip: &str, hosts: &[&str], public_url: Option<&str>) -> Site {
    site(|options| {
        options.bound_to = Some(ip.parse().expect("an address"));
        options.allow_hosts = hosts.iter().map(ToString::to_string).collect();
        options.public_url = public_url.map(ToOwned::to_owned);
    })
}

fn answers_to(site: &Site, host: &str) -> bool {
    site.check_host(&headers(&[("host", host)])).is_ok()
}

#[test]
fn on_a_loopback_address_only_this_machine_is_a_host() {
    for ip in ["127.0.0.1", "::1"] {
        let site = bound(ip, &["Pictures.example"], Some("https://shop.example:8443/a"));
        for host in [
            "localhost",
            "LOCALHOST:8080",
            "localhost.",
            "a.localhost:1",
            "127.0.0.1:8080",
            "127.9.9.9",
            "[::1]",
            "[::1]:8080",
            "pictures.example:80",
            "shop.example",
        ] {
            assert!(answers_to(&site, host), "{host}");
        }
        for host in [
            "evil.example",
            "localhost.evil.example",
            "evillocalhost",
            "128.0.0.1",
            "127.0.0.1.evil.example",
            "127.0.0.1@evil.example",
            "evil@localhost",
            "localhost:x",
            "localhost/",
            "[::2]",
            "0.0.0.0",
            "",
        ] {
            assert!(!answers_to(&site, host), "{host}");
        }
        assert!(site.check_host(&HeaderMap::new()).is_ok());
        let two = [("host", "localhost"), ("host", "evil.example")];
        assert_eq!(site.check_host(&headers(&two)), Err(Refusal::Host));
    }
}

#[test]
fn elsewhere_hosts_are_judged_where_they_are_named() {
    assert!(answers_to(&bound("0.0.0.0", &[], None), "anything.example"));
    assert!(answers_to(&site(|_| {}), "anything.example"));
    for site in [bound("0.0.0.0", &["h.example"], None), bound("10.0.0.1", &[], Some("http://h.example/"))] {
        assert!(answers_to(&site, "h.example:8080") && answers_to(&site, "localhost"));
        assert!(!answers_to(&site, "10.0.0.1") && !answers_to(&site, "other.example"));
    }
}

#[test]
fn a_page_of_another_origin_may_not_ask() {
    let plain = site(|_| {});
    let public = site(|options| options.public_url = Some("https://shop.example/images".into()));
    let good: [(&Site, &[(&'static str, &str)]); 10] = [
        (&plain, &[]),
        (&plain, &[("host", "h:8080")]),
        (&plain, &[("host", "h:8080"), ("origin", "http://h:8080")]),
        (&plain, &[("host", "h"), ("origin", "https://h")]),
        (&plain, &[("host", "h:443"), ("origin", "https://h")]),
        (&plain, &[("host", "h"), ("origin", "http://h"), ("sec-fetch-site", "same-origin")]),
        (&plain, &[("host", "h"), ("sec-fetch-site", "none")]),
        (&plain, &[("host", "[::1]:80"), ("origin", "http://[::1]")]),
        (&public, &[("host", "10.0.0.1:8080"), ("origin", "https://shop.example")]),
        (&public, &[("host", "10.0.0.1:8080"), ("origin", "http://10.0.0.1:8080")]),
    ];
    for (site, pairs) in good {
        assert_eq!(site.check_origin(&headers(pairs)), Ok(()), "{pairs:?}");
    }
    let bad: [&[(&'static str, &str)]; 11] = [
        &[("host", "h"), ("origin", "http://evil.example")],
        &[("host", "h"), ("origin", "http://h:8080")],
        &[("host", "h:8080"), ("origin", "http://h")],
        &[("host", "h"), ("origin", "http://h.evil.example")],
        &[("host", "h"), ("origin", "null")],
        &[("host", "h"), ("origin", "")],
        &[("host", "h"), ("origin", "ftp://h")],
        &[("origin", "http://h")],
        &[("host", "h"), ("sec-fetch-site", "cross-site")],
        &[("host", "h"), ("sec-fetch-site", "same-site")],
        &[("host", "h"), ("origin", "http://h"), ("sec-fetch-site", "cross-site")],
    ];
    for pairs in bad {
        assert_eq!(plain.check_origin(&headers(pairs)), Err(Refusal::Origin), "{pairs:?}");
    }
}

#[test]
fn unless_it_is_allowed() {
    let allowing =
        |origins: &[&str]| site(|options| options.allow_origins = origins.iter().map(ToString::to_string).collect());
    let asks = |site: &Site, origin: &str| {
        let pairs = [("host", "h"), ("origin", origin), ("sec-fetch-site", "cross-site")];
        site.check_origin(&headers(&pairs)).is_ok()
    };
    let two = allowing(&["https://A.example", "http://b.example:8080/"]);
    assert!(asks(&two, "https://a.example") && asks(&two, "http://b.example:8080"));
    assert!(!asks(&two, "http://a.example") && !asks(&two, "http://b.example") && !asks(&two, "null"));
    let every = allowing(&["https://a.example", "*"]);
    assert!(asks(&every, "https://any.example") && asks(&every, "null") && every.is_open_to_all());
}

#[test]
fn links_begin_with_the_public_url() {
    let base = |url: &str| {
        let site = site(|options| options.public_url = Some(url.into()));
        site.base(&headers(&[("host", "other.example")])).expect("a base")
    };
    assert_eq!(base("https://shop.example"), "https://shop.example");
    assert_eq!(base("http://shop.example:8080/"), "http://shop.example:8080");
    assert_eq!(base("https://shop.example/a/b/"), "https://shop.example/a/b");
}

#[test]
fn what_is_none_hinders_the_start() {
    let fails = |change: &dyn Fn(&mut Options)| {
        let mut options = Options::new("data".into());
        change(&mut options);
        let error = Site::new(&options).err().expect("refused").to_string();
        assert!(!error.contains('\n'), "{error}");
    };
    for origin in ["https://a/b", "a.example", "", "null", "ftp://a", "https://u@a", "https://a?b", "https://a#b"] {
        fails(&|options| options.allow_origins = vec![origin.into()]);
    }
    for url in ["shop.example", "ftp://a", "https://a?b=c", "https://a/#b", "https://u:p@a", "", "https://"] {
        fails(&|options| options.public_url = Some(url.into()));
    }
    for name in ["", "a:80", "http://a", "a/b", "u@a"] {
        fails(&|options| options.allow_hosts = vec![name.into()]);
    }
}
