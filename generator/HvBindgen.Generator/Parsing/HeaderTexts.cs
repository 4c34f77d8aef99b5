using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace HvBindgen.Generator.Parsing;

/// <summary>
/// What is in headers, each read and looked through once however many parses are given it: a set's headers are mostly the same for all
/// machines. The text of a header that changes meanwhile is for all of them what it was first.
/// </summary>
public sealed class HeaderTexts
{
    private readonly ConcurrentDictionary<string, HeaderText> texts = new(StringComparer.Ordinal);

    /// <summary>A header that is there.</summary>
    /// <param name="file">Its path.</param>
    internal HeaderText Of(string file) => texts.GetOrAdd(file, static file => new HeaderText(file));
}

/// <summary>One header. Each of its members is made when it is asked for first, whoever asks.</summary>
/// <param name="file">The file, which <see cref="Content"/> reads.</param>
internal sealed class HeaderText(string file)
{
    private readonly Lock gate = new();
    private byte[]? content;
    private byte[]? digest;
    private List<IncludeName>? includes;
    private SourceText? source;
    private int? tooDeepLine;
    private bool isScanned;

    /// <summary>The bytes.</summary>
    /// <exception cref="IOException">They cannot be read.</exception>
    internal byte[] Content
    {
        get
        {
            lock (gate)
            {
                return content ??= File.ReadAllBytes(file);
            }
        }
    }

    /// <summary>SHA-256 of the bytes.</summary>
    internal byte[] Digest
    {
        get
        {
            lock (gate)
            {
                return digest ??= SHA256.HashData(Content);
            }
        }
    }

    /// <summary>What it may include, in any branch.</summary>
    internal IReadOnlyList<IncludeName> Includes
    {
        get
        {
            lock (gate)
            {
                return includes ??= IncludeNames.Of(Encoding.Latin1.GetString(Content));
            }
        }
    }

    /// <summary>Line, from 1, at which more is inside each other than compilers have stack for; null where there is none.</summary>
    internal int? TooDeepLine
    {
        get
        {
            lock (gate)
            {
                if (!isScanned)
                {
                    tooDeepLine = NestingScan.FindTooDeep(Content);
                    isScanned = true;
                }

                return tooDeepLine;
            }
        }
    }

    /// <summary>Its directives, for one parse.</summary>
    internal SourceText ReadSource()
    {
        lock (gate)
        {
            source ??= SourceText.Read(TextOf(Content));
            return source.ForOneParse();
        }
    }

    // UTF-8, or what a mark at the beginning says.
    private static string TextOf(byte[] content)
    {
        ReadOnlySpan<byte> bytes = content.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? content.AsSpan(3) : content;
        if (bytes is [0 or 0xFE or 0xFF, ..])
        {
            using StreamReader reader = new(new MemoryStream(content), Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
            return reader.ReadToEnd();
        }

        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : TextOfOtherBytes(bytes);
    }

    // A byte that is no UTF-8 becomes a character of its own, for private use: two that differ must not become the same.
    private static string TextOfOtherBytes(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new(bytes.Length);
        while (bytes.Length > 0)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int length) == OperationStatus.Done)
            {
                text.Append(rune.ToString());
            }
            else
            {
                length = 1;
                text.Append((char)('\uf700' + bytes[0]));
            }

            bytes = bytes[length..];
        }

        return text.ToString();
    }
}
