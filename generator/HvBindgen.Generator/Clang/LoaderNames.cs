using System.Runtime.InteropServices;
using System.Text;

namespace HvBindgen.Generator.Clang;

/// <summary>
/// What the loader of the GNU C library could find under a bare name, told without asking it. For a name that is not there it maps its
/// cache and looks into all of its folders, each time; a machine has one of the forty names that are tried.
/// </summary>
/// <param name="cache">The loader's cache: among other things the names of libraries, each with a zero behind it.</param>
/// <param name="folders">Folders that it looks into besides.</param>
internal sealed unsafe class LoaderNames(byte[] cache, IReadOnlyList<string> folders)
{
    private const string CachePath = "/etc/ld.so.cache";

    // A cache is some hundred kilobytes.
    private const int MostBytes = 16 << 20;

    // dlfcn.h: RTLD_DI_SERINFO, RTLD_DI_SERINFOSIZE.
    private const int SearchedFolders = 4;
    private const int SearchedFoldersSize = 5;

    private static readonly Lazy<LoaderNames?> Read = new(ReadOfThisMachine);

    // All begin alike, so that the cache is gone through once.
    private readonly HashSet<string> cached = NamesIn(cache);

    /// <summary>What this process's loader finds; null where it is another one, which is asked for every name.</summary>
    internal static LoaderNames? OfThisMachine => Read.Value;

    /// <summary>Folders that the loader looks into whatever its cache says.</summary>
    internal IReadOnlyList<string> Folders => folders;

    /// <summary>Whether the loader is worth asking: false where it would not find a library of this name.</summary>
    internal static bool IsWorthAsking(string name) =>
        !name.StartsWith(LibClangNames.Start, StringComparison.Ordinal) || OfThisMachine is not { } names || names.MayFind(name);

    /// <summary>Whether the cache has the name, or one of the folders.</summary>
    /// <param name="name">A name that begins as libclang's do.</param>
    internal bool MayFind(string name) => cached.Contains(name) || folders.Any(folder => File.Exists(Path.Combine(folder, name)));

    private static HashSet<string> NamesIn(ReadOnlySpan<byte> cache)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        ReadOnlySpan<byte> start = Encoding.UTF8.GetBytes(LibClangNames.Start);
        for (int at; (at = cache.IndexOf(start)) >= 0;)
        {
            cache = cache[at..];
            int end = cache.IndexOf((byte)0);
            names.Add(Encoding.UTF8.GetString(end < 0 ? cache : cache[..end]));
            cache = cache[start.Length..];
        }

        return names;
    }

    private static LoaderNames? ReadOfThisMachine()
    {
        try
        {
            return FoldersOfLoader() is { } folders && new FileInfo(CachePath) is { Exists: true, Length: <= MostBytes }
                ? new LoaderNames(File.ReadAllBytes(CachePath), folders)
                : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Those of LD_LIBRARY_PATH, of the program, and its own.
    private static List<string>? FoldersOfLoader()
    {
        nint program = NativeLibrary.GetMainProgramHandle();
        if (!NativeLibrary.TryGetExport(program, "dlinfo", out nint dlinfo))
        {
            return null;
        }

        // int dlinfo(void *, int, void *).
        delegate* unmanaged[Cdecl]<nint, int, void*, int> ask = (delegate* unmanaged[Cdecl]<nint, int, void*, int>)dlinfo;
        SearchInfo size;
        if (ask(program, SearchedFoldersSize, &size) != 0)
        {
            return null;
        }

        SearchInfo* info = (SearchInfo*)NativeMemory.Alloc(size.Bytes);
        try
        {
            (info->Bytes, info->Count) = (size.Bytes, size.Count);
            if (ask(program, SearchedFolders, info) != 0)
            {
                return null;
            }

            List<string> folders = [];
            SearchPath* paths = &info->First;
            for (uint index = 0; index < info->Count; index++)
            {
                folders.Add(Marshal.PtrToStringUTF8((nint)paths[index].Name)!);
            }

            return folders;
        }
        finally
        {
            NativeMemory.Free(info);
        }
    }

    // dlfcn.h: Dl_serpath and Dl_serinfo, in which as many paths as counted follow the first.
    private struct SearchPath
    {
        internal byte* Name;
        internal uint Flags;
    }

    private struct SearchInfo
    {
        internal nuint Bytes;
        internal uint Count;
        internal SearchPath First;
    }
}
