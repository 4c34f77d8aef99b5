using System.Text;
using System.Text.Json;
using HvBindgen.Generator.Processes;

namespace HvBindgen.Generator.Headers;

/// <summary>
/// Debian's archive through apt, with lists and cache in a private folder: the machine's own sources and lists are read for the
/// mirror's address, and nothing of the machine is changed.
/// </summary>
internal sealed class AptArchive(string workFolder, string? mirrorUri) : IDebianArchive
{
    // Everything that was ever in a suite.
    private const string PastPackages = "https://snapshot.debian.org";
    private const string Downloader = "/usr/lib/apt/apt-helper";

    private DebianMirror? mirror;
    private string? architecture;

    public async Task<IReadOnlyList<AvailablePackage>> ListAsync(
        string suite, IReadOnlyList<HeaderPackage> wanted, CancellationToken cancellation)
    {
        string configuration = await PrepareAsync(suite, cancellation).ConfigureAwait(false);
        await RunAptAsync("apt-get", suite, ["-c", configuration, "-q", "update"], cancellation).ConfigureAwait(false);

        SortedSet<string> names = new(StringComparer.Ordinal);
        foreach (string prefix in wanted.Select(package => package.NamePattern.Split('*')[0]).Distinct())
        {
            string output = await RunAptAsync("apt-cache", suite, ["-c", configuration, "pkgnames", prefix], cancellation)
                .ConfigureAwait(false);
            names.UnionWith(output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Where(name => wanted.Any(package => package.Matches(name, out _))));
        }

        if (names.Count == 0)
        {
            return [];
        }

        return ParseMadison(
            await RunAptAsync("apt-cache", suite, ["-c", configuration, "madison", .. names], cancellation).ConfigureAwait(false));
    }

    public async Task<string> DownloadAsync(string suite, string name, string version, CancellationToken cancellation)
    {
        string folder = Directory.CreateDirectory(Path.Combine(FolderOf(suite), "packages", name)).FullName;
        ProcessEnd result = await ProcessRunner.RunAsync(
            "apt-get", ["-c", ConfigurationOf(suite), "-q", "download", $"{name}={version}"], folder, cancellation).ConfigureAwait(false);
        string[] files = Directory.GetFiles(folder, "*.deb");
        if (result.ExitCode != 0 || files.Length != 1)
        {
            throw new HeaderSyncException(
                $"{name} {version} of {suite} cannot be downloaded:\n{ProcessRunner.WordsOf(result)}",
                "Check the network and the mirror, then run the command again.");
        }

        return files[0];
    }

    public async Task<string?> FindArchivedAsync(string name, string version, CancellationToken cancellation)
    {
        string folder = Directory.CreateDirectory(Path.Combine(workFolder, "past", name)).FullName;
        string list = Path.Combine(folder, "files.json");
        string package = Path.Combine(folder, "package.deb");
        string query = $"{PastPackages}/mr/binary/{Uri.EscapeDataString(name)}/{Uri.EscapeDataString(version)}/binfiles";
        return await FetchAsync(query, list).ConfigureAwait(false)
            && PastFile(File.ReadAllBytes(list)) is { } digest
            && await FetchAsync($"{PastPackages}/file/{digest}", package).ConfigureAwait(false)
            ? package
            : null;

        // apt's own downloader, for its proxies and certificates.
        async Task<bool> FetchAsync(string address, string file)
        {
            string[] arguments = ["-o", "Acquire::Retries=0", "-o", "Acquire::https::Timeout=10", "download-file", address, file];
            return File.Exists(Downloader)
                && (await ProcessRunner.RunAsync(Downloader, arguments, folder, cancellation).ConfigureAwait(false)).ExitCode == 0
                && File.Exists(file);
        }
    }

    // {"result":[{"architecture":"all","hash":"<SHA-1 of the file>"}]}
    internal static string? PastFile(byte[] json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            string? hash = document.RootElement.GetProperty("result").EnumerateArray()
                .Select(file => file.GetProperty("hash").GetString()).FirstOrDefault();
            return hash is { Length: 40 } && hash.All(char.IsAsciiHexDigitLower) ? hash : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    // Lines of the form: name | version | uri suite/component architecture Packages
    internal static List<AvailablePackage> ParseMadison(string output)
    {
        List<AvailablePackage> packages = [];
        foreach (string line in output.Split('\n'))
        {
            if (line.Split('|', StringSplitOptions.TrimEntries) is [string name, string version, string origin]
                && origin.EndsWith(" Packages", StringComparison.Ordinal))
            {
                packages.Add(new AvailablePackage(name, version));
            }
        }

        return packages;
    }

    private string FolderOf(string suite) => Path.Combine(workFolder, "apt-" + suite.Replace('/', '_'));

    // apt's configuration has no way to write a quotation mark in a value.
    internal static void RequireQuotable(string folder)
    {
        if (folder.Any(letter => letter is '"' or '\\' || char.IsControl(letter)))
        {
            throw new HeaderSyncException(
                $"apt cannot be told of the folder {VisibleText.Of(folder)}: its name has a quotation mark, a backslash or a control "
                    + "character",
                "Rename the folder, or take the headers from elsewhere: --kernel DIR or --sysroot DIR");
        }
    }

    private string ConfigurationOf(string suite) => Path.Combine(FolderOf(suite), "apt.conf");

    private async Task<string> PrepareAsync(string suite, CancellationToken cancellation)
    {
        mirror ??= await FindMirrorAsync(cancellation).ConfigureAwait(false);
        architecture ??= (await RunAptAsync("dpkg", suite, ["--print-architecture"], cancellation).ConfigureAwait(false)).Trim();

        string folder = FolderOf(suite);
        RequireQuotable(folder);
        Directory.CreateDirectory(Path.Combine(folder, "sources.list.d"));
        Directory.CreateDirectory(Path.Combine(folder, "lists", "partial"));
        Directory.CreateDirectory(Path.Combine(folder, "cache", "archives", "partial"));
        File.WriteAllText(Path.Combine(folder, "status"), "");
        File.WriteAllText(Path.Combine(folder, "sources.list.d", "headers.sources"), SourceStanza(mirror, suite, architecture));
        File.WriteAllText(ConfigurationOf(suite), Configuration(folder));
        return ConfigurationOf(suite);
    }

    // Targets: only the package index. Icons, contents and translations would be most of the download.
    internal static string SourceStanza(DebianMirror mirror, string suite, string architecture)
    {
        StringBuilder text = new();
        text.Append("Types: deb\n").Append("URIs: ").Append(mirror.Uri).Append('\n')
            .Append("Suites: ").Append(suite).Append('\n').Append("Components: main\n")
            .Append("Architectures: ").Append(architecture).Append('\n').Append("Targets: Packages\n");
        if (mirror.SignedBy is not null)
        {
            text.Append("Signed-By: ").Append(mirror.SignedBy).Append('\n');
        }

        return text.ToString();
    }

    // Read after the machine's own configuration, so proxies, credentials and certificates stay as they are. Its hooks do not
    // run: they would touch the machine's caches. The sandbox user could not enter a private folder.
    internal static string Configuration(string folder) =>
        $$"""
        #clear APT::Update::Pre-Invoke;
        #clear APT::Update::Post-Invoke;
        #clear APT::Update::Post-Invoke-Success;
        #clear APT::Update::Post-Invoke-Stats;
        Dir::Etc::SourceList "/dev/null";
        Dir::Etc::SourceParts "{{folder}}/sources.list.d";
        Dir::Etc::Preferences "/dev/null";
        Dir::Etc::PreferencesParts "/dev/null";
        Dir::State "{{folder}}";
        Dir::State::Lists "{{folder}}/lists";
        Dir::State::Status "{{folder}}/status";
        Dir::Cache "{{folder}}/cache";
        Dir::Cache::PkgCache "pkgcache.bin";
        Dir::Cache::SrcPkgCache "srcpkgcache.bin";
        APT::Default-Release "";
        APT::Get::List-Cleanup "0";
        APT::Get::AllowUnauthenticated "0";
        Acquire::AllowInsecureRepositories "0";
        Acquire::Languages "none";
        Acquire::Retries "2";
        Acquire::http::Timeout "30";
        Acquire::https::Timeout "30";
        APT::Sandbox::User "root";

        """;

    private async Task<DebianMirror> FindMirrorAsync(CancellationToken cancellation)
    {
        string output = await RunAptAsync(
            "apt-config", null, ["shell", "LIST", "Dir::Etc::SourceList/f", "PARTS", "Dir::Etc::SourceParts/d"], cancellation)
            .ConfigureAwait(false);
        string listFile = ShellValue(output, "LIST") ?? "/etc/apt/sources.list";
        string partsFolder = ShellValue(output, "PARTS") ?? "/etc/apt/sources.list.d";
        List<AptSource> sources = AptSources.ReadAll(listFile, partsFolder);
        if (mirrorUri is not null)
        {
            SourceNames.Require("--mirror", "mirror", mirrorUri, SourceNames.Mirror());
            return DebianMirror.Of(mirrorUri, sources.FirstOrDefault(source => source.Uri == mirrorUri)?.SignedBy);
        }

        return DebianMirror.Find(sources) ?? throw new HeaderSyncException(
            $"apt's configuration ({listFile}, {partsFolder}) names no mirror of Debian's main archive",
            "Name one with --mirror URI, or take the headers from elsewhere: --kernel DIR or --sysroot DIR");
    }

    private static string? ShellValue(string output, string name)
    {
        string start = name + "='";
        return output.Split('\n').Where(line => line.StartsWith(start, StringComparison.Ordinal) && line.EndsWith('\''))
            .Select(line => line[start.Length..^1]).FirstOrDefault();
    }

    private async Task<string> RunAptAsync(string program, string? suite, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        ProcessEnd result = await ProcessRunner.RunAsync(program, arguments, workFolder, cancellation).ConfigureAwait(false);

        // "apt-get update" ends with 0 when only some index could not be fetched; it warns, and old or no lists are used.
        bool isStale = program == "apt-get" && result.Errors.Contains("Failed to fetch", StringComparison.Ordinal);
        if (result.ExitCode != 0 || isStale)
        {
            string subject = suite is null ? "" : $" for suite {suite} of {mirror?.Uri}";
            throw new HeaderSyncException(
                $"{program} failed{subject}:\n{ProcessRunner.WordsOf(result)}",
                "Check the network and the mirror that apt uses, then run the command again.");
        }

        return result.Text;
    }
}
