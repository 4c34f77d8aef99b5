using System.Runtime.InteropServices;
using System.Text;
using ClangSharp.Interop;

namespace HvBindgen.Generator.Clang;

/// <summary>Strings that libclang lends.</summary>
internal static unsafe class ClangString
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Copies a string and gives it back to libclang.</summary>
    internal static string Take(CXString text)
    {
        try
        {
            sbyte* characters = clang.getCString(text);
            return characters is null ? "" : Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)characters));
        }
        finally
        {
            clang.disposeString(text);
        }
    }

    /// <summary>A C string literal's text. Bytes that are no UTF-8 become the characters of those numbers, so that none is lost.</summary>
    internal static string FromUtf8OrLatin1(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }
}
