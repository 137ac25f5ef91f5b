/**
 * What the host's own Python runs to say how packages are: it knows Python's versions and markers, by the library that pip
 * brings along. It reads JSON: items with key, spec and want, the path of a requirements file. Nothing is written.
 */
export const PIP_LOOK = String.raw`
import json, os, re, sys

data = json.load(open(sys.argv[1]))
there = len(sys.argv) > 2 and sys.argv[2] != ""

def say(key, value):
    print(key + "=" + value.replace("\\", "\\\\").replace("\n", "\\n"))

def plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()

found, sources = {}, {}
if there:
    try:
        import pip
        from pip._vendor.packaging.requirements import Requirement
    except ImportError:
        sys.exit("this Python (%s) has no pip: install python3-pip, or for a virtual environment python3-venv" % sys.executable)
    try:
        from importlib import metadata
        for dist in metadata.distributions():
            name = dist.metadata["Name"]
            if name is None or plain(name) in found:
                continue
            found[plain(name)] = dist.version
            text = dist.read_text("direct_url.json")
            if text:
                source = json.loads(text)
                rev = source.get("vcs_info", {}).get("requested_revision")
                sources[plain(name)] = source["url"] + ("@" + rev if rev else "")
    except ImportError:
        from pip._vendor import pkg_resources
        for dist in pkg_resources.working_set:
            found[plain(dist.project_name)] = dist.version

def from_source(spec):
    """The name of what was installed from an address or a path."""
    spec = re.sub(r"^[A-Za-z0-9._-]+\s*(\[[^]]*\])?\s*@\s+", "", spec)
    bare = re.sub(r"#.*", "", re.sub(r"^(git|hg|svn|bzr)\+", "", spec))
    # a login is not kept in what pip notes
    bare = re.sub(r"(://)[^/@]*@", r"\1", bare)
    if "://" not in bare:
        bare = "file://" + os.path.abspath(os.path.expanduser(bare))
    for name, url in sources.items():
        if url in (bare, bare.rstrip("/")):
            return name
    built = re.match(r"(?:.*/)?([A-Za-z0-9_.]+)-([0-9][^-/]*?)(-.*\.whl|\.tar\.\w+|\.zip|\.tgz)$", bare)
    if built and found.get(plain(built.group(1))) == built.group(2):
        return plain(built.group(1))
    return None

def state(spec):
    if not there:
        return "absent"
    try:
        need = Requirement(re.split(r"\s--hash|\s#", spec)[0].strip())
    except Exception:
        return "present" if from_source(spec) else "absent"
    if need.marker is not None and not need.marker.evaluate({"extra": ""}):
        return "present"
    if need.url:
        return "present" if from_source(spec) else "absent"
    version = found.get(plain(need.name))
    if version is None:
        return "absent"
    return "present" if need.specifier.contains(version, prereleases=True) else version

def lines(path):
    text = open(path).read().replace("\\\n", "")
    for line in text.split("\n"):
        line = re.sub(r"(^|\s)#.*", "", line).strip()
        nested = re.match(r"(?:-r|--requirement)[\s=]+(.*)", line)
        source = re.match(r"(?:-e|--editable)[\s=]+(.*)", line)
        if nested:
            for inner in lines(os.path.join(os.path.dirname(path), nested.group(1))):
                yield inner
        elif source:
            yield source.group(1)
        elif line and not line.startswith("-"):
            yield line

def name_of(spec):
    return re.match(r"[A-Za-z0-9._-]*", spec).group(0)

for item in data["items"]:
    if item["want"] == "absent":
        say(item["key"], found.get(plain(name_of(item["spec"])), "absent"))
    else:
        say(item["key"], state(item["spec"]))
path = data["requirements"]
if path is not None:
    if data["want"] == "absent":
        rest = [l for l in lines(path) if plain(name_of(l)) in found] if os.path.exists(path) else []
        say("requirements", ", ".join(rest) or "absent")
    elif not os.path.exists(path):
        sys.exit("there is no file " + path + " on this host")
    else:
        rest = [l for l in lines(path) if state(l) != "present"]
        say("requirements", ", ".join(rest) or "present")

managed = ""
if there and not data["free"] and sys.prefix == getattr(sys, "base_prefix", sys.prefix):
    import sysconfig
    mark = os.path.join(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED")
    new = [int(n) for n in re.findall(r"\d+", pip.__version__)[:2]] >= [23, 0]
    if new and os.path.exists(mark) and not os.environ.get("PIP_BREAK_SYSTEM_PACKAGES"):
        managed = "the packages of this Python are the system's: give \"virtualenv\", or \"break_system_packages: true\""
if data["tell"]:
    say("fault", managed)
`;
