using System.Runtime.InteropServices;
using ClangSharp.Interop;

namespace HvBindgen.Generator.Clang;

/// <summary>Opens a shared object that should be a libclang, or gives the reason why it is not usable.</summary>
/// <param name="library">Path or shared-object name.</param>
/// <param name="reason">Why the result is null.</param>
internal delegate LibClangImage? TryLoadLibClang(string library, out string reason);

/// <summary>A shared object that is loaded and answers as a libclang does.</summary>
/// <param name="Handle">The loader's handle; stays open until the process ends.</param>
/// <param name="VersionText">What the library says about itself.</param>
internal sealed record LibClangImage(nint Handle, string VersionText)
{
    /// <summary>Opens a shared object with the system's loader and asks it for its version.</summary>
    internal static LibClangImage? TryLoad(string library, out string reason)
    {
        if (!TryOpen(library, out nint handle, out reason))
        {
            return null;
        }

        // An object that is not taken stays loaded: unloading LLVM runs its destructors for nothing gained.
        if (ReadVersion(handle) is { } version)
        {
            return new LibClangImage(handle, version);
        }

        reason = "loads, but has no clang_getClangVersion: not a libclang";
        return null;
    }

    // A bare name that the loader does not know is the common case, and answered without an exception.
    private static bool TryOpen(string library, out nint handle, out string reason)
    {
        reason = "";

        if (!library.Contains('/'))
        {
            handle = 0;
            bool isKnown = LoaderNames.IsWorthAsking(library) && NativeLibrary.TryLoad(library, out handle);
            reason = isKnown ? "" : "not known to the dynamic loader";
            return isKnown;
        }

        try
        {
            handle = NativeLibrary.Load(library);
            return true;
        }
        catch (Exception cause) when (cause is DllNotFoundException or BadImageFormatException)
        {
            // The runtime's text is several lines; the loader's own words are in the last one.
            string[] lines = cause.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            handle = 0;
            reason = lines[^1];
            return false;
        }
    }

    private static unsafe string? ReadVersion(nint handle)
    {
        if (!NativeLibrary.TryGetExport(handle, "clang_getClangVersion", out nint getClangVersion)
            || !NativeLibrary.TryGetExport(handle, "clang_getCString", out nint getCString)
            || !NativeLibrary.TryGetExport(handle, "clang_disposeString", out nint disposeString))
        {
            return null;
        }

        // The three exports have had these signatures in every libclang since 2.8; the characters live until the string
        // is disposed of, and are copied before.
        CXString version = ((delegate* unmanaged[Cdecl]<CXString>)getClangVersion)();
        string? text = Marshal.PtrToStringUTF8((nint)((delegate* unmanaged[Cdecl]<CXString, sbyte*>)getCString)(version));
        ((delegate* unmanaged[Cdecl]<CXString, void>)disposeString)(version);
        return text;
    }
}
