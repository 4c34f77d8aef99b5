using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Headers;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Packing;
using HvBindgen.UapiData;
using HeaderTree = HvBindgen.UapiData.HeaderTree;

// HvBindgen.UapiData HEADERS [--check]
// HvBindgen.UapiData HEADERS --releases FOLDER
// Reads the fetched headers below HEADERS and writes HEADERS/uapi/uapi.bin, which HvBindgen.Uapi is built with, and
// HEADERS/uapi/catalog.txt, which says what is in it. With --check both must be right already. With --releases it writes
// HEADERS/uapi/since.txt from the headers of earlier releases, which lie as 6.1/usr/include, 6.12/usr/include and so on in a folder.
const int Wrong = 1;
bool isCheck = args is [_, "--check"];
string? earlier = args is [_, "--releases", string releases] ? releases : null;
if (args is not [string folder, ..] || args.Length != (earlier is not null ? 3 : isCheck ? 2 : 1))
{
    Console.Error.WriteLine("usage: HvBindgen.UapiData HEADERS [--check | --releases FOLDER]");
    return 2;
}

LibClangLocator.KeepsUntilExit = true;
LibClangLocator.Load();
HeaderTreeReader reader = new(folder);
string kernel = HeaderLock.Read(Path.Combine(folder, "headers.lock.json")).KernelVersion;
string release = string.Join('.', kernel.Split('.').Take(2));
string sinceFile = Path.Combine(folder, "uapi", ReleaseList.FileName);
reader.Read();
if (reader.Builder.Conflicts.Count > 0)
{
    Console.Error.WriteLine($"{reader.Builder.Conflicts.Count} names have two contents:\n{string.Join('\n', reader.Builder.Conflicts)}");
    return Wrong;
}

string[] surprises = [.. reader.LeftOut.Except(LeftOutHeaders.Read(Path.Combine(folder, "uapi", "left-out.txt"), reader.Targets))];
if (surprises.Length > 0)
{
    IEnumerable<string> faults = surprises.Select(header => $"{header}: {reader.FaultOf(header)}");
    Console.Error.WriteLine($"headers do not parse, and left-out.txt does not say why:\n{string.Join('\n', faults)}");
    return Wrong;
}

string origin = $"Linux {kernel}";
List<CatalogItem> items = reader.Builder.Build();
if (earlier is not null)
{
    (string, HeaderTree)[] trees =
    [
        .. Directory.GetDirectories(earlier).Select(Path.GetFileName).OfType<string>()
            .Where(name => Version.TryParse(name, out Version? version) && version < Version.Parse(release)).OrderBy(Version.Parse)
            .Select(name => (name, new HeaderTree(folder, Path.Combine(earlier, name, "usr", "include"), []))),
        (release, HeaderTree.Fetched(folder, [])),
    ];
    File.WriteAllText(sinceFile, ReleaseList.Compare(trees, reader.SetTargets, NamesOf(items)).Write(reader.SetTargets));
}

ReleaseList since = ReleaseList.Read(sinceFile, reader.SetTargets);
if (since.Releases is not [.., string last] || last != release)
{
    Console.Error.WriteLine($"{sinceFile} is not of Linux {release}: write it again with --releases FOLDER");
    return Wrong;
}

byte[] content = CatalogWriter.Content(origin, [.. reader.Targets.Select(target => target.Name)], items,
    since.ToFirstReleases(HeaderTree.IncludeOf(folder), reader.Targets, reader.SetTargets.Count));
string report = CatalogReport.Write(origin, reader, items, content, since);
CatalogFiles files = new(Path.Combine(folder, "uapi"));
if (isCheck && !files.Are(content, report))
{
    Console.Error.WriteLine($"headers/uapi is not what these headers give:\n{report}");
    return Wrong;
}

files.Write(content, report);
Console.WriteLine($"{items.Count} declarations of {origin}");
return 0;

static HashSet<string> NamesOf(IEnumerable<CatalogItem> items) => new(
    items.SelectMany(item => (IEnumerable<string>)
    [
        item.Declaration.Name, .. item.Declaration is AbiEnum @enum ? @enum.Enumerators.Select(enumerator => enumerator.Name) : [],
    ]).Where(name => name.Length > 0), StringComparer.Ordinal);
