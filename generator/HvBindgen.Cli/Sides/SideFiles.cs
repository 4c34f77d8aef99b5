using System.Text.Json;
using HvBindgen.Cli.Running;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Files;

namespace HvBindgen.Cli.Sides;

/// <summary>What a file is that a side names.</summary>
internal enum SideFileKind
{
    /// <summary>A C header.</summary>
    Header,

    /// <summary>A snapshot, or what was meant to be one.</summary>
    Snapshot,

    /// <summary>A configuration, whatever it is called.</summary>
    Configuration,
}

/// <summary>Tells files of a comparison by what is in them, not by their names.</summary>
internal static class SideFiles
{
    /// <summary>Far above any list of accepted changes or findings.</summary>
    internal const int MaxListBytes = 32 << 20;

    // Far above any configuration; a larger file of JSON is a snapshot.
    private const int MaxConfigurationBytes = 1 << 20;

    // A snapshot begins with the number of its schema.
    private const int HeadBytes = 256;

    /// <summary>The kind of a file.</summary>
    /// <exception cref="DiffException">It cannot be read.</exception>
    internal static SideFileKind KindOf(string file)
    {
        if (Path.GetFileName(file) == BindingConfiguration.FileName)
        {
            return SideFileKind.Configuration;
        }

        byte[] start = new byte[HeadBytes];
        int length;
        try
        {
            FileContent.RequireOrdinary(file, long.MaxValue);
            using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            length = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            if (BeginsWithSchema(start.AsSpan(0, length)))
            {
                return SideFileKind.Snapshot;
            }

            Array.Resize(ref start, (int)Math.Clamp(stream.Length, HeadBytes, MaxConfigurationBytes));
            length += stream.ReadAtLeast(start.AsSpan(length), start.Length - length, throwOnEndOfStream: false);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new DiffException($"{CommandContext.Shorten(file)}: cannot be read: {fault.Message}", fault);
        }

        ReadOnlySpan<byte> text = start.AsSpan(0, length);
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        text = (text.StartsWith(mark) ? text[mark.Length..] : text).TrimStart(" \t\r\n"u8);
        if (text is not [(byte)'{', ..] && Path.GetExtension(file) != ".json")
        {
            return SideFileKind.Header;
        }

        return HasSets(text) ? SideFileKind.Configuration : SideFileKind.Snapshot;
    }

    private static bool BeginsWithSchema(ReadOnlySpan<byte> head)
    {
        Utf8JsonReader reader = new(head, isFinalBlock: false, default);
        try
        {
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject
                && reader.Read() && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("schema"u8)
                && reader.Read() && reader.TokenType == JsonTokenType.Number;
        }
        catch (JsonException)
        {
            // It may have a mark or comments, or be no JSON: all of it is looked at.
            return false;
        }
    }

    // Of the two only a configuration has a list of sets; what cannot be read to its end is decided by what stands before.
    private static bool HasSets(ReadOnlySpan<byte> text)
    {
        Utf8JsonReader reader = new(
            text, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        try
        {
            while (reader.Read())
            {
                if (reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 } && reader.ValueTextEquals("sets"u8))
                {
                    return true;
                }
            }
        }
        catch (JsonException)
        {
            // Whoever reads it next says what is wrong with it.
        }

        return false;
    }
}
