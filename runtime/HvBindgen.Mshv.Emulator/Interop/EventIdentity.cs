using System.Globalization;

namespace HvBindgen.Mshv.Emulator.Interop;

/// <summary>Which event a descriptor stands for: duplicates of one descriptor are the same event.</summary>
/// <param name="Id">The kernel's number of it, which another event may get once this one is gone.</param>
internal readonly record struct EventIdentity(long Id)
{
    private const string Field = "eventfd-id:";

    internal static EventIdentity Of(int fd)
    {
        try
        {
            foreach (string line in File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fdinfo/{fd}")))
            {
                if (line.StartsWith(Field, StringComparison.Ordinal)
                    && long.TryParse(line.AsSpan(Field.Length), CultureInfo.InvariantCulture, out long id))
                {
                    return new EventIdentity(id);
                }
            }
        }
        catch (IOException)
        {
            // Closed meanwhile: what follows finds that out.
        }

        // Before Linux 5.2 the kernel does not tell: then only the same descriptor is the same event.
        return new EventIdentity(-1L - fd);
    }
}
