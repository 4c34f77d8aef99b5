namespace HvBindgen.Generator.Headers;

/// <summary>Headers from Debian's packages: the locked version if a suite still has it, else the newest.</summary>
internal sealed class DebianSource(IDebianArchive archive) : IHeaderSource
{
    public async Task<CollectedHeaders> CollectAsync(
        CollectRequest request, IProgress<string>? progress, CancellationToken cancellation)
    {
        Choice choice = await ChooseAsync(request, progress, cancellation).ConfigureAwait(false);
        List<LockedPackage> packages = [];
        foreach (HeaderPackage wanted in request.Wanted.Packages)
        {
            if (wanted.OnlyWhenMissing && Directory.Exists(Path.Combine(request.TreeFolder, wanted.TreeFolder)))
            {
                continue;
            }

            packages.Add(await TakeAsync(request, choice, wanted, progress, cancellation).ConfigureAwait(false));
        }

        RequireTargets(request, choice);
        string kernelVersion = DebianVersion.Upstream(choice.Version);
        return new CollectedHeaders(new HeaderLock(HeaderSourceKind.Debian, kernelVersion, packages), choice.Notes);
    }

    private async Task<LockedPackage> TakeAsync(
        CollectRequest request, Choice choice, HeaderPackage wanted, IProgress<string>? progress, CancellationToken cancellation)
    {
        AvailablePackage package = FindPackage(choice.Available, wanted, choice.Version) ?? throw new HeaderSyncException(
            $"suite {choice.Suite} has no {wanted.NamePattern} {choice.Version}",
            "Try: hvbindgen headers sync --update, or --kernel DIR, or --sysroot DIR");
        progress?.Report($"downloading {package.Name} {package.Version} ({choice.Suite})");
        string file = choice.Files.GetValueOrDefault(package.Name)
            ?? await archive.DownloadAsync(choice.Suite, package.Name, package.Version, cancellation).ConfigureAwait(false);
        string sha256 = HeaderDigest.OfFile(file);
        RequireLockedFile(request.Locked, package, sha256);

        wanted.Matches(package.Name, out string star);
        string packageFolder = wanted.PackageFolder.Replace("*", star, StringComparison.Ordinal);
        string target = Path.Combine(request.TreeFolder, wanted.TreeFolder);
        IReadOnlyList<string> paths = await DebianPackageFile.ExtractAsync(file, packageFolder, target, cancellation).ConfigureAwait(false);
        if (paths.Count == 0)
        {
            throw new HeaderSyncException(
                $"{package.Name} {package.Version} has no files below {packageFolder}",
                "The package is laid out in a way this version does not know: correct 'folder' in sources.json, or use --kernel DIR.");
        }

        return CollectedHeaders.Hash(request.TreeFolder, wanted, package.Name, package.Version, packageFolder, paths) with
        {
            Suite = choice.Suite,
            PackageSha256 = sha256,
        };
    }

    private async Task<Choice> ChooseAsync(CollectRequest request, IProgress<string>? progress, CancellationToken cancellation)
    {
        HeaderPackage leader = request.Wanted.Packages[0];
        LockedPackage? locked = request.Locked?.Packages.FirstOrDefault(package => leader.Matches(package.Name, out _));
        List<Choice> newest = [];
        List<HeaderSyncException> failures = [];
        List<string> found = [];

        foreach (string suite in request.Wanted.Suites.OrderByDescending(suite => suite == locked?.Suite))
        {
            try
            {
                progress?.Report($"reading package lists of {suite}");
                IReadOnlyList<AvailablePackage> available =
                    await archive.ListAsync(suite, request.Wanted.Packages, cancellation).ConfigureAwait(false);
                List<string> versions = [.. CompleteVersions(available, request.Wanted.Packages)];
                string? exact = request.Version ?? locked?.Version;
                if (exact is not null && versions.Contains(exact))
                {
                    return new Choice(suite, exact, available, []);
                }

                found.AddRange(versions.Select(version => $"{version} ({suite})"));
                if (versions.Count > 0 && request.Version is null)
                {
                    newest.Add(new Choice(suite, versions[^1], available, []));
                    if (locked is null)
                    {
                        return newest[0];
                    }
                }
            }
            catch (HeaderSyncException failure)
            {
                failures.Add(failure);
            }
        }

        if (request.Version is not null && failures.Count == 0)
        {
            throw new HeaderSyncException(
                $"no suite has {leader.NamePattern} {request.Version} with its companions; there are: {string.Join(", ", found)}",
                "Give one of these as --version, name further suites in sources.json, or use --kernel DIR with that kernel's sources.");
        }

        if (request.Version is null && await FetchArchivedAsync(request, progress, cancellation).ConfigureAwait(false) is { } archived)
        {
            return archived;
        }

        if (newest.Count == 0)
        {
            throw new HeaderSyncException(
                $"no suite ({string.Join(", ", request.Wanted.Suites)}) gives {leader.NamePattern} and its companions"
                    + string.Concat(failures.Select(failure => "\n" + failure.Message)),
                failures.Count > 0 ? failures[0].Remedy : "Use --kernel DIR or --sysroot DIR, or name other suites in sources.json.");
        }

        Choice substitute = newest.Find(choice => DebianVersion.Compare(choice.Version, locked!.Version) >= 0)
            ?? newest.MaxBy(choice => choice.Version, Comparer<string>.Create(DebianVersion.Compare))!;
        string where = failures.Count == 0 ? "is no longer in the suites" : "is in no suite that could be read";
        string note = $"{leader.NamePattern} {locked!.Version} {where}; the newest is {substitute.Version} ({substitute.Suite})";
        return substitute with { Notes = [note, .. failures.Select(failure => failure.Message)] };
    }

    // The archive of all that ever was in the suites. It signs nothing, so only what the lock has a digest of is taken from it.
    private async Task<Choice?> FetchArchivedAsync(CollectRequest request, IProgress<string>? progress, CancellationToken cancellation)
    {
        if (request.Locked is not { Source: HeaderSourceKind.Debian } locked
            || locked.Packages.Any(package => package.PackageSha256 is null))
        {
            return null;
        }

        Dictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (LockedPackage package in locked.Packages)
        {
            progress?.Report($"asking the archive of past packages for {package.Name} {package.Version}");
            if (await archive.FindArchivedAsync(package.Name, package.Version, cancellation).ConfigureAwait(false) is not { } file)
            {
                return null;
            }

            files.Add(package.Name, file);
        }

        LockedPackage first = locked.Packages[0];
        AvailablePackage[] available = [.. locked.Packages.Select(package => new AvailablePackage(package.Name, package.Version))];
        return new Choice(first.Suite ?? "", first.Version, available, [])
        {
            Files = files,
        };
    }

    // Versions that every package has, oldest first.
    private static IEnumerable<string> CompleteVersions(IReadOnlyList<AvailablePackage> available, IReadOnlyList<HeaderPackage> wanted) =>
        available.Where(package => wanted[0].Matches(package.Name, out _)).Select(package => package.Version).Distinct()
            .Where(version => wanted.All(one => one.OnlyWhenMissing || FindPackage(available, one, version) is not null))
            .Order(Comparer<string>.Create(DebianVersion.Compare));

    // A package of its own pace (a cross package of a suite that builds it from another source) is taken in its newest version.
    private static AvailablePackage? FindPackage(IReadOnlyList<AvailablePackage> available, HeaderPackage wanted, string version)
    {
        List<AvailablePackage> named = [.. available.Where(package => wanted.Matches(package.Name, out _))
            .OrderBy(package => package.Name, StringComparer.Ordinal)];
        return named.Find(package => package.Version == version)
            ?? (wanted.OnlyWhenMissing
                ? named.MaxBy(package => package.Version, Comparer<string>.Create(DebianVersion.Compare))
                : null);
    }

    private static void RequireLockedFile(HeaderLock? locked, AvailablePackage package, string sha256)
    {
        LockedPackage? expected = locked?.Packages.FirstOrDefault(p => p.Name == package.Name && p.Version == package.Version);
        if (expected?.PackageSha256 is { } want && want != sha256)
        {
            throw new HeaderSyncException(
                $"{package.Name} {package.Version}: the mirror's file has SHA-256 {sha256}, the lock says {want}",
                "The same version must be the same file: use another mirror, or take the new file with hvbindgen headers sync --update");
        }
    }

    private static void RequireTargets(CollectRequest request, Choice choice)
    {
        foreach (string target in request.Wanted.Multiarch)
        {
            if (!Directory.Exists(Path.Combine(request.TreeFolder, "usr", "include", target, "asm")))
            {
                throw new HeaderSyncException(
                    $"{request.Wanted.Packages[0].NamePattern} {choice.Version} has no asm headers for {target}",
                    "Add the package that has them to sources.json (into: usr/include/<target>/asm, onlyWhenMissing: true).");
            }
        }
    }

    private sealed record Choice(string Suite, string Version, IReadOnlyList<AvailablePackage> Available, IReadOnlyList<string> Notes)
    {
        /// <summary>Package files that are here already, by the name of the package.</summary>
        internal IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();
    }
}
