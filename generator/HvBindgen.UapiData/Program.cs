using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Headers;
using HvBindgen.Generator.Packing;
using HvBindgen.UapiData;

// HvBindgen.UapiData HEADERS [--check]
// Reads the fetched headers below HEADERS and writes HEADERS/uapi/uapi.bin, which HvBindgen.Uapi is built with, and
// HEADERS/uapi/catalog.txt, which says what is in it. With --check both must be right already.
const int Wrong = 1;
bool isCheck = args is [_, "--check"];
if (args is not [string folder, ..] || args.Length > (isCheck ? 2 : 1))
{
    Console.Error.WriteLine("usage: HvBindgen.UapiData HEADERS [--check]");
    return 2;
}

LibClangLocator.KeepsUntilExit = true;
LibClangLocator.Load();
HeaderTreeReader reader = new(folder);
reader.Read();
if (reader.Builder.Conflicts.Count > 0)
{
    Console.Error.WriteLine($"{reader.Builder.Conflicts.Count} names have two contents:\n{string.Join('\n', reader.Builder.Conflicts)}");
    return Wrong;
}

string[] surprises = [.. reader.LeftOut.Except(LeftOutHeaders.Read(Path.Combine(folder, "uapi", "left-out.txt")))];
if (surprises.Length > 0)
{
    IEnumerable<string> faults = surprises.Select(header => $"{header}: {reader.FaultOf(header)}");
    Console.Error.WriteLine($"headers do not parse, and left-out.txt does not say why:\n{string.Join('\n', faults)}");
    return Wrong;
}

string origin = $"Linux {HeaderLock.Read(Path.Combine(folder, "headers.lock.json")).KernelVersion}";
List<CatalogItem> items = reader.Builder.Build();
byte[] content = CatalogWriter.Content(origin, [.. reader.Targets.Select(target => target.Name)], items);
string report = CatalogReport.Write(origin, reader, items, content);
CatalogFiles files = new(Path.Combine(folder, "uapi"));
if (isCheck && !files.Are(content, report))
{
    Console.Error.WriteLine($"headers/uapi is not what these headers give:\n{report}");
    return Wrong;
}

files.Write(content, report);
Console.WriteLine($"{items.Count} declarations of {origin}");
return 0;
