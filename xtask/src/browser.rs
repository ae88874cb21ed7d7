//! The browser's side: WebAssembly split by lazy route, its glue and the stylesheet, in one folder
//! whose name is the hash of what is in it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use lightningcss::bundler::{Bundler, FileProvider};
use lightningcss::stylesheet::{MinifyOptions, ParserOptions, PrinterOptions};
use sha2::{Digest, Sha256};
use wasm_bindgen_cli_support::Bindgen;

use crate::install;
use crate::shell::{self, Steps, command, run};

const NAME: &str = "klientura";
/// The name that the lazy macro wrote into the module.
const SPLIT_JS: &str = "__wasm_split.______________________.js";

/// The folder that the server embeds: `pkg/<hash>/…` and nothing else.
pub fn site(release: bool) -> PathBuf {
    shell::target().join("browser").join(if release { "site-release" } else { "site-dev" })
}

pub fn build(steps: &Steps, release: bool) -> Result<()> {
    let wasm = install::wasm(steps)?;
    if release {
        install::npm(steps)?;
    }
    let profile = if release { "wasm-release" } else { "wasm-dev" };
    let target = shell::target().join("browser");
    steps.step(&format!("compiling the browser side ({profile})"), || {
        run(install::wasm_cargo(&wasm)
            .args(["build", "--package", "frontend", "--target", "wasm32-unknown-unknown", "--profile", profile])
            .arg("--target-dir")
            .arg(&target))
    })?;
    let compiled = target.join("wasm32-unknown-unknown").join(profile).join("frontend.wasm");
    let fresh = target.join("fresh");
    steps.step("splitting and binding it", || {
        if fresh.exists() {
            fs::remove_dir_all(&fresh)?;
        }
        fs::create_dir_all(&fresh)?;
        split(&compiled, &fresh, release)?;
        stylesheet(&fresh.join(format!("{NAME}.css")))?;
        if release {
            optimise(&fresh)?;
        }
        publish(&fresh, &site(release), release)
    })
}

fn split(compiled: &Path, out: &Path, release: bool) -> Result<()> {
    let input = fs::read(compiled).with_context(|| format!("{} is missing", compiled.display()))?;
    let main = out.join("main.wasm");
    let main_module = format!("./{NAME}.js");
    let link_name = format!("./{SPLIT_JS}");
    let mut options = wasm_split_cli_support::Options::new(&input);
    options.output_dir = out;
    options.main_out_path = &main;
    options.main_module = &main_module;
    options.link_name = &link_name;
    let split = wasm_split_cli_support::transform(options).map_err(|problem| anyhow!("{problem:?}"))?;
    fs::write(out.join("prefetch.txt"), prefetch(&split.prefetch_map))?;

    let mut bindgen = Bindgen::new();
    bindgen.input_path(&main).out_name(NAME).web(true)?;
    bindgen
        .omit_default_module_path(true)
        .split_linked_modules(true)
        // Without the exports a chunk dies of a LinkError on `__indirect_function_table`.
        .keep_lld_exports(true)
        .demangle(false)
        .typescript(false)
        .remove_name_section(release)
        .remove_producers_section(release);
    bindgen.generate(out)?;
    fs::remove_file(&main)?;
    reload_on_a_lost_chunk(&out.join(SPLIT_JS))?;
    take_what_was_fetched(&out.join(SPLIT_JS))
}

/// One line for each lazy page: its name, then the modules that it loads.
fn prefetch(map: &std::collections::HashMap<String, Vec<String>>) -> String {
    let mut lines: Vec<String> = map.iter().map(|(page, modules)| format!("{page} {}", modules.join(" "))).collect();
    lines.sort();
    lines.join("\n")
}

/// The page's head has begun to fetch the chunks that it will need, by their names (`app::shell`): they are taken from
/// there.
fn take_what_was_fetched(path: &Path) -> Result<()> {
    let written = fs::read_to_string(path)?;
    let (from, to) = ("fetch(new URL(", "chunk(");
    let taken = written.replace(from, to).replace(", import.meta.url))", ")");
    if taken == written || taken.contains("import.meta.url") {
        return Err(anyhow!("the splitter fetches in another way: see take_what_was_fetched"));
    }
    let chunk = "function chunk(name) {\n    const begun = globalThis.fetched?.[name];\n    \
                 if (begun) delete globalThis.fetched[name];\n    \
                 return begun ?? fetch(new URL(name, import.meta.url));\n}\n";
    fs::write(path, format!("{taken}{chunk}"))?;
    Ok(())
}

/// A chunk that cannot be loaded (a deployment, a dropped request) would abort the whole module:
/// the page is loaded anew instead, once in ten seconds at most.
fn reload_on_a_lost_chunk(path: &Path) -> Result<()> {
    let written = fs::read_to_string(path)?;
    let from = "            console.error(e);\n            success = false;\n";
    let to = "            const last = Number(sessionStorage.getItem('chunk-reload') || 0);\n            \
              if (Date.now() - last > 10000) {\n                \
              sessionStorage.setItem('chunk-reload', String(Date.now()));\n                \
              location.reload();\n                await new Promise(() => {});\n            }\n            \
              console.error(e);\n            success = false;\n";
    if !written.contains(from) {
        return Err(anyhow!("the splitter's error branch has changed: see reload_on_a_lost_chunk"));
    }
    fs::write(path, written.replace(from, to))?;
    Ok(())
}

fn stylesheet(to: &Path) -> Result<()> {
    let provider = FileProvider::new();
    let mut bundler = Bundler::new(&provider, None, ParserOptions::default());
    let main = shell::root().join("style/main.css");
    let mut sheet = bundler.bundle(&main).map_err(|problem| anyhow!("{problem}"))?;
    sheet.minify(MinifyOptions::default()).map_err(|problem| anyhow!("{problem}"))?;
    let css = sheet.to_css(PrinterOptions { minify: true, ..Default::default() })?;
    fs::write(to, css.code)?;
    Ok(())
}

/// Every module through Binaryen; release only.
fn optimise(dir: &Path) -> Result<()> {
    for path in files(dir)? {
        if path.extension().is_some_and(|extension| extension == "wasm") {
            run(command("npx")
                .args(["--no-install", "wasm-opt", "-Oz", "--strip-debug", "--strip-producers"])
                .args(["--enable-bulk-memory", "--enable-nontrapping-float-to-int", "--enable-sign-ext"])
                .args(["--enable-mutable-globals", "--enable-reference-types", "--enable-multivalue"])
                .arg(&path)
                .arg("-o")
                .arg(&path))?;
        }
    }
    Ok(())
}

/// Moves the files to `site/pkg/<hash of all of them>`; an unchanged site is left untouched.
fn publish(fresh: &Path, site: &Path, release: bool) -> Result<()> {
    let mut digest = Sha256::new();
    for path in files(fresh)? {
        digest.update(path.strip_prefix(fresh)?.to_string_lossy().as_bytes());
        digest.update(fs::read(&path)?);
    }
    let hash: String = digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let place = site.join("pkg").join(&hash);
    if place.is_dir() {
        return Ok(());
    }
    compress(fresh, release)?;
    if site.exists() {
        fs::remove_dir_all(site)?;
    }
    fs::create_dir_all(site.join("pkg"))?;
    fs::rename(fresh, &place)?;
    Ok(())
}

/// Beside every file what is sent instead of it: `.br` and `.gz`. As small as they get in a release, else quickly.
fn compress(dir: &Path, release: bool) -> Result<()> {
    const BUFFER: usize = 64 * 1024;
    const WINDOW: u32 = 22;
    let (quality, level) = if release { (11, flate2::Compression::best()) } else { (3, flate2::Compression::fast()) };
    for path in files(dir)? {
        let whole = fs::read(&path)?;
        let beside = |end: &str| PathBuf::from(format!("{}{end}", path.display()));
        let mut brotli = brotli::CompressorWriter::new(Vec::new(), BUFFER, quality, WINDOW);
        brotli.write_all(&whole)?;
        fs::write(beside(".br"), brotli.into_inner())?;
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), level);
        gzip.write_all(&whole)?;
        fs::write(beside(".gz"), gzip.finish()?)?;
    }
    Ok(())
}

/// All files below, sorted.
fn files(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![dir.to_path_buf()];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(dir)? {
            let path = entry?.path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}
