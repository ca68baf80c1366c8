{ greeting, name ? "you" }: "${greeting}, ${name}"
